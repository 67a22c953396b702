"""CreateRestoreTask's parameters, from the domain's words."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alibabacloud_dbs20190306.models import CreateRestoreTaskRequest
from pydantic import SecretStr

from bot.dbs.parameters import milliseconds, plain, restore_task, secrets_in
from bot.restores.models import (
    Destination,
    DuplicateConflict,
    Location,
    RestoreObject,
    RestorePoint,
    RestoreSpec,
)

TIME = datetime(2019, 4, 6, 14, 21, 17, tzinfo=UTC)


def spec(**changes: object) -> RestoreSpec:
    return RestoreSpec(
        backup_plan_id="dbs1",
        region="cn-hangzhou",
        task_name="orders-x7",
        point=RestorePoint(time=TIME),
        destination=Destination(location=Location.RDS),
    ).evolve(**changes)


def sent(request: RestoreSpec, password: SecretStr | None = None) -> dict[str, str]:
    return plain(restore_task(request, password=password, client_token="token"))


def test_what_is_not_given_is_not_sent() -> None:
    assert sent(spec()) == {
        "BackupPlanId": "dbs1",
        "RestoreTaskName": "orders-x7",
        "RestoreTime": "1554560477000",
        "DestinationEndpointInstanceType": "RDS",
        "ClientToken": "token",
    }


def test_everything_that_is_given_is_sent_under_its_name() -> None:
    full = spec(
        point=RestorePoint(backup_set_id="set1"),
        destination=Destination(
            location=Location.AGENT,
            region="cn-shanghai",
            instance_id="rm-1",
            ip="10.0.0.1",
            port=3306,
            database_name="db",
            oracle_sid="ORCL",
            user_name="admin",
            backup_gateway_id="23313123312",
            restore_dir="/data",
            restore_home="/usr",
        ),
        duplicate_conflict=DuplicateConflict.RENAME,
        objects=(RestoreObject(db_name="orders"),),
        cross_aliyun_id="1",
        cross_role_name="role",
    )
    assert sent(full, SecretStr("pw")) == {
        "BackupPlanId": "dbs1",
        "RestoreTaskName": "orders-x7",
        "BackupSetId": "set1",
        "RestoreObjects": '[{"DBName":"orders"}]',
        "DuplicateConflict": "renamenew",
        "DestinationEndpointInstanceType": "Agent",
        "DestinationEndpointRegion": "cn-shanghai",
        "DestinationEndpointInstanceID": "rm-1",
        "DestinationEndpointIP": "10.0.0.1",
        "DestinationEndpointPort": "3306",
        "DestinationEndpointDatabaseName": "db",
        "DestinationEndpointOracleSID": "ORCL",
        "DestinationEndpointUserName": "admin",
        "DestinationEndpointPassword": "pw",
        "BackupGatewayId": "23313123312",
        "RestoreDir": "/data",
        "RestoreHome": "/usr",
        "CrossAliyunId": "1",
        "CrossRoleName": "role",
        "ClientToken": "token",
    }


NOT_SET = {
    "OwnerId": "a parameter of every call, for accounts that act for others",
    "AutoOpenDatabase": "undocumented",
    "AutoShutdownDatabase": "undocumented",
    "EnableDestinationEndpointSsl": "undocumented",
    "RestoreDestinationMode": "undocumented",
    "SslCaPem": "undocumented",
    "DestDatabaseInstanceClass": "undocumented, as are all that make a new instance to restore to",
    "DestDatabaseInstanceDatabaseVersion": "undocumented",
    "DestDatabaseInstanceRegion": "undocumented",
    "DestDatabaseInstanceStorageSize": "undocumented",
    "DestDatabaseInstanceType": "undocumented",
    "DestDatabaseInstanceVSwitch": "undocumented",
    "DestDatabaseInstanceVpc": "undocumented",
}


def test_every_parameter_of_the_vendors_sdk_is_set_or_has_a_reason_not_to_be() -> None:
    request = CreateRestoreTaskRequest()
    for name in vars(request):
        setattr(request, name, name)
    known = request.to_map().keys()
    assert len(known) == len(vars(request))
    sent = restore_task(spec(), password=None, client_token="token").keys()
    assert sent == known - NOT_SET.keys()
    assert NOT_SET.keys() < known


def test_objects_keep_their_new_names_and_other_scripts() -> None:
    objects = (
        RestoreObject(db_name="订单", new_db_name="orders_copy"),
        RestoreObject(db_name="b", schema_name="s", new_schema_name="t"),
    )
    assert json.loads(sent(spec(objects=objects))["RestoreObjects"]) == [
        {"DBName": "订单", "NewDBName": "orders_copy"},
        {"DBName": "b", "SchemaName": "s", "NewSchemaName": "t"},
    ]


@pytest.mark.parametrize("point", [RestorePoint(), RestorePoint(time=TIME, backup_set_id="set1")])
def test_a_point_must_be_a_time_or_a_set(point: RestorePoint) -> None:
    with pytest.raises(ValueError, match="one of the two"):
        sent(spec(point=point))


def test_a_password_stays_wrapped_until_it_is_sent() -> None:
    parameters = restore_task(spec(), password=SecretStr("CANARY"), client_token="token")
    assert "CANARY" not in repr(parameters)
    assert [each.get_secret_value() for each in secrets_in(parameters)] == ["CANARY"]


def test_a_time_is_exact_to_the_millisecond_in_any_zone() -> None:
    assert milliseconds(datetime(2100, 1, 1, 0, 0, 0, 1999, tzinfo=UTC)) == 4102444800001
    assert milliseconds(TIME.astimezone(timezone(timedelta(hours=8)))) == 1554560477000


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        milliseconds(datetime(2019, 4, 6))  # noqa: DTZ001 - this is what is refused
