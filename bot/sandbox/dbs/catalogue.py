"""The account the local DBS shows: one company's backup plans and gateways, some with a declared fate."""

from bot.sandbox.dbs.declare import DAY_MS, HOUR_MS, backup_plan
from bot.sandbox.dbs.estate import (
    BackupPlan,
    Engine,
    Estate,
    Failure,
    Gateway,
    Location,
    Pause,
    Script,
    Stall,
    Stop,
)

_LACKS_PRIVILEGES = Failure(
    code="DBS.PreCheck.DestinationPrivilege",
    en="The destination account lacks the privileges that a restore needs. Grant them and create a new task.",
    cn="目标库账号权限不足,请授权后重新创建恢复任务。",
    raw=(
        "java.lang.RuntimeException: Access denied for user '{user}'@'%': missing privileges "
        "[CREATE, ALTER, DROP, INSERT] on *.*\n"
        "\tat com.aliyun.dbs.precheck.item.DestinationPrivilegeCheck.run(DestinationPrivilegeCheck.java:87)\n"
        "\tat com.aliyun.dbs.precheck.PreCheckJob.execute(PreCheckJob.java:142)"
    ),
    item="CHECK_DEST_PRIVILEGE",
    spares="restore_admin",
)
_DISK_FULL = Failure(
    code="DBS.Restore.DestinationDiskFull",
    en="The destination instance has run out of storage. Free some or resize it, then restore again.",
    cn="目标实例存储空间不足,请释放空间或扩容后重新恢复。",
    raw=(
        "java.sql.BatchUpdateException: The table 'invoice_lines' is full "
        "(billing.invoice_lines, chunk 214, errno 1114)"
    ),
)
_HANGZHOU_GATEWAY, _IDLE_GATEWAY, _HONGKONG_GATEWAY, _BEIJING_GATEWAY = 23213141, 23213158, 23219907, 23220416


def estate(start_ms: int) -> Estate:
    """The account as it is at the clock's start."""
    return Estate((*_mysql_plans(start_ms), *_other_plans(start_ms)), _gateways(start_ms))


def _mysql_plans(start_ms: int) -> tuple[BackupPlan, ...]:
    return (
        backup_plan(
            start_ms,
            "orders-prod",
            databases=("orders", "orders_archive"),
            gigabytes=(5, 5, 4.9, 4.8, 4.7, 4.7),
            instance_id="rm-bp1orders7k2m9x4f3",
        ),
        backup_plan(
            start_ms,
            "inventory-prod",
            databases=("inventory", "warehouse_stock"),
            gigabytes=(12, 11.8, 11.5),
            instance_id="rm-bp1inventq8d5w2z6",
            script=Script(precheck_failure=_LACKS_PRIVILEGES),
        ),
        backup_plan(
            start_ms,
            "billing-prod",
            databases=("billing",),
            gigabytes=(8, 7.9, 7.9, 7.8),
            instance_id="rm-bp1billing3h6t9c1",
            script=Script(stop=Stop(0.6, _DISK_FULL)),
        ),
        backup_plan(
            start_ms,
            "sessions-prod",
            databases=("sessions",),
            gigabytes=(6, 6.1, 5.8),
            instance_id="rm-bp1sessionsv4n8b7",
            script=Script(pause=Pause(0.4, seconds=300)),
        ),
        backup_plan(
            start_ms,
            "tickets-prod",
            databases=("tickets", "attachments"),
            gigabytes=(5, 5, 4.9),
            instance_id="rm-bp1ticketsw6c3r8y5",
            script=Script(stall=Stall(0.4, seconds=3600)),
        ),
        backup_plan(
            start_ms,
            "warehouse-events",
            databases=("events",),
            gigabytes=(480, 476, 471),
            region="cn-hongkong",
            location=Location.AGENT,
            ip="10.20.4.17",
            method="physical",
            gateway_id=_HONGKONG_GATEWAY,
        ),
        backup_plan(
            start_ms,
            "reports-legacy",
            databases=("reports", "reports_tmp"),
            gigabytes=(22, 22, 21.9),
            instance_id="rm-bp1reports0p5s3y2",
            status="pause",
            log_backups=((-1, 1),),
            newest_set="stop",
        ),
    )


def _other_plans(start_ms: int) -> tuple[BackupPlan, ...]:
    return (
        backup_plan(
            start_ms,
            "ledger",
            engine=Engine.POSTGRESQL,
            databases=("ledger/public", "ledger/audit"),
            gigabytes=(64, 63.5, 63, 62.8, 62.1, 61.7, 61.2),
            region="cn-shanghai",
            instance_id="pgm-uf6ledger2w8r5t1",
            # Log backup broke off and went on after the next full set: two ranges with a gap between.
            log_backups=((-1, 3), (2, None)),
        ),
        backup_plan(
            start_ms,
            "analytics-eu",
            engine=Engine.POSTGRESQL,
            databases=("analytics/public",),
            gigabytes=(131, 128, 125),
            region="eu-central-1",
            instance_id="pgm-gw8analytics4j1q",
            newest_set="running",
            cross_account=("1876543210987654", "dbs-cross-restore"),
        ),
        backup_plan(
            start_ms,
            "crm-mssql",
            engine=Engine.MSSQL,
            databases=("CRM", "CRM_Documents"),
            gigabytes=(40, 39.8, 39.5),
            location=Location.AGENT,
            ip="192.168.12.40",
            method="physical",
            gateway_id=_HANGZHOU_GATEWAY,
        ),
        backup_plan(
            start_ms,
            "erp-oracle",
            engine=Engine.ORACLE,
            databases=("ERP/FIN", "ERP/HR"),
            gigabytes=(210, 209, 208),
            region="cn-beijing",
            location=Location.ECS,
            instance_id="i-2zeerp6f4k8m1d9s",
            ip="172.17.3.21",
            oracle_sid="ERPPRD",
        ),
        backup_plan(
            start_ms,
            "catalog-maria",
            engine=Engine.MARIADB,
            databases=("catalog",),
            gigabytes=(18, 17.9, 17.5),
            region="cn-shenzhen",
            instance_id="rm-wz9catalog5x7u3e0",
        ),
        backup_plan(
            start_ms,
            "payments-drds",
            engine=Engine.DRDS,
            databases=("payments", "refunds"),
            gigabytes=(95, 94, 92),
            location=Location.EXPRESS,
            instance_id="drdshbga76p6",
            ip="10.1.8.5",
        ),
        backup_plan(
            start_ms,
            "profiles-mongo",
            engine=Engine.MONGODB,
            databases=("profiles",),
            gigabytes=(33, 32.6, 32),
            region="ap-southeast-1",
            location=Location.DDS,
            instance_id="dds-t4nprofiles8a2c6",
        ),
        backup_plan(
            start_ms,
            "cache-redis",
            engine=Engine.REDIS,
            databases=("0",),
            gigabytes=(2, 2.1, 1.9),
            location=Location.OTHER,
            ip="203.0.113.25",
            log_backups=(),
        ),
    )


def _gateways(start_ms: int) -> tuple[Gateway, ...]:
    day = DAY_MS
    return (
        Gateway(_HANGZHOU_GATEWAY, "idc-hangzhou-1", "gw-hz-4f1c", "cn-hangzhou", "dbs-gw-1", "192.168.12.9",
                start_ms - 190 * day),
        Gateway(_IDLE_GATEWAY, "idc-hangzhou-2", "gw-hz-9b77", "cn-hangzhou", "dbs-gw-2", "192.168.12.10",
                start_ms - 180 * day, last_heartbeat_ms=start_ms - 3 * day),
        Gateway(_HONGKONG_GATEWAY, "idc-hongkong-1", "gw-hk-02de", "cn-hongkong", "hk-backup", "10.20.4.3",
                start_ms - 90 * day),
        Gateway(_BEIJING_GATEWAY, "idc-beijing-1", "gw-bj-c530", "cn-beijing", "bj-gateway", "172.17.3.4",
                start_ms - 60 * day, last_heartbeat_ms=start_ms - 2 * HOUR_MS),
    )  # fmt: skip
