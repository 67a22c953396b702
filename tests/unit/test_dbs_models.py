"""Wire models: what DBS sends, in all its spellings, becomes the domain's values."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.dbs import models
from bot.dbs.lenient import moment
from bot.restores.models import BackupPlan, BackupSet, Engine, Location, RestoreStatus, RestoreTask, Stage
from tests.unit.dbs_samples import TASK


def task(**fields: object) -> RestoreTask:
    return models.RestoreTaskDetail.model_validate({"RestoreTaskId": "s1", **fields}).to_domain()


def plan(**fields: object) -> BackupPlan:
    detail = models.BackupPlanDetail.model_validate({"BackupPlanId": "dbs1", **fields})
    return detail.to_domain(region="cn-hangzhou")


def backup_set(**fields: object) -> BackupSet:
    return models.FullBackupFile.model_validate({"BackupSetId": "b1", **fields}).to_domain()


def test_the_vendors_sample_of_a_task_is_read_in_full() -> None:
    read = models.RestoreTaskDetail.model_validate(TASK).to_domain()
    assert read == RestoreTask(
        restore_task_id="s10XXXXnq",
        status="check_pass",
        name="test",
        backup_plan_id="dbs1hvb0wwwusfa",
        stages={Stage.STRUCTURE_BEFORE: 0, Stage.FULL_DATA: 0, Stage.STRUCTURE_AFTER: 0},
        created_at=datetime(2020, 3, 9, 8, 51, 12, tzinfo=UTC),
        restore_time=datetime(2020, 3, 9, 8, 11, 5, tzinfo=UTC),
        backup_set_id="1ibXXXXX7qw",
        destination_instance_id="rm-bp1p8c29479jv8pxe",
        destination_region="cn-hangzhou",
    )
    assert read.state is RestoreStatus.CHECK_PASS


def test_every_progress_field_becomes_its_stage_in_the_order_they_happen() -> None:
    fields = [
        "FullStruforeRestoreProgress",
        "FullDataRestoreProgress",
        "FullStruAfterRestoreProgress",
        "ContinuousRestoreProgress",
        "PhysicalFullBackupRecoverProgress",
        "PhysicalIncrementBackupRecoverProgress",
        "PhysicalFullAndIncrementBackupRecoverProgress",
        "PhysicalBackupRecoverProgress",
        "PhysicalDatabaseOnlineProgress",
    ]
    stages = task(**{name: number for number, name in enumerate(reversed(fields))}).stages
    assert list(stages) == list(Stage)
    assert list(stages.values()) == [8, 7, 6, 5, 4, 3, 2, 1, 0]


@pytest.mark.parametrize(
    ("sent", "read"), [(40, 40), ("40", 40), ("40.7", 40), (40.7, 40), (140, 100), (-1, 0), (10**30, 100)]
)
def test_progress_is_a_number_from_0_to_100(sent: object, read: int) -> None:
    assert task(FullDataRestoreProgress=sent).stages == {Stage.FULL_DATA: read}


@pytest.mark.parametrize("sent", [None, "", "n/a", {}, [], True, float("nan"), float("inf"), "9" * 5000])
def test_progress_that_is_no_number_is_not_reported(sent: object) -> None:
    assert task(FullDataRestoreProgress=sent).stages == {}


@pytest.mark.parametrize("sent", [0, "0", "", None, "NULL", -5, {}, 10**30, "soon"])
def test_no_finish_time_leaves_a_task_unfinished(sent: object) -> None:
    assert task(RestoreStatus="running", RestoreTaskFinishTime=sent).finished_at is None


@pytest.mark.parametrize("sent", [1554560477123, "1554560477123", 1554560477123.0])
def test_times_are_epoch_milliseconds_in_utc(sent: object) -> None:
    finished = task(RestoreTaskFinishTime=sent).finished_at
    assert finished == datetime(2019, 4, 6, 14, 21, 17, 123000, tzinfo=UTC)
    assert finished.utcoffset() == timedelta(0)


def test_an_undocumented_status_is_kept_as_written() -> None:
    assert task(RestoreStatus="Rolling_Back").status == "Rolling_Back"


@pytest.mark.parametrize("sent", [None, "", "NULL", "null", {}])
def test_the_word_null_is_no_error_message(sent: object) -> None:
    assert task(ErrMessage=sent).error_message is None


@pytest.mark.parametrize("sent", ["RDS", "rds", "Rds"])
def test_a_location_is_read_in_any_case(sent: str) -> None:
    assert plan(SourceEndpointInstanceType=sent).source_location == Location.RDS


@pytest.mark.parametrize(("sent", "read"), [("mysql", Engine.MYSQL), ("POSTGRESQL", Engine.POSTGRESQL)])
def test_an_engine_is_read_in_any_case(sent: str, read: Engine) -> None:
    assert plan(DatabaseType=sent).engine == read


def test_an_unknown_engine_or_location_is_kept_as_written() -> None:
    odd = plan(DatabaseType="ClickHouse", SourceEndpointInstanceType="Moon")
    assert (odd.engine, odd.source_location) == ("ClickHouse", "Moon")


def test_a_plan_that_names_no_region_answers_where_it_was_asked() -> None:
    assert plan().region == "cn-hangzhou"
    assert plan(BackupPlanRegion="CN-Shanghai").region == "cn-shanghai"


@pytest.mark.parametrize(
    "sent",
    [
        '[{"DBName":"orders"},{"DBName":"ledger","SchemaName":"public"},{"DBName":"orders"}]',
        r"[{\"DBName\":\"orders\"},{\"DBName\":\"ledger\"}]",
        [{"DBName": "orders"}, {"DBName": "ledger"}, {"DBName": ""}, "odd", None],
    ],
)
def test_the_databases_of_a_plan_are_read_once_each_in_order(sent: object) -> None:
    assert plan(BackupObjects=sent).databases == ("orders", "ledger")


@pytest.mark.parametrize("sent", [None, "", "NULL", '[{"DBName":"ord', "[[[", "7", '"text"', "[" * 100_000])
def test_broken_backup_objects_are_no_databases(sent: object) -> None:
    assert plan(BackupObjects=sent).databases == ()


@pytest.mark.parametrize(("begin", "end"), [(0, 5), (5, 0), (None, None), (9, 5)])
def test_a_plan_without_both_ends_in_order_has_no_window(begin: object, end: object) -> None:
    assert plan(BeginTimestampForRestore=begin, EndTimestampForRestore=end).window is None


def test_a_plan_has_its_window() -> None:
    window = plan(BeginTimestampForRestore="1000", EndTimestampForRestore=2000).window
    assert window is not None
    assert (window.begin, window.end) == (moment(1000), moment(2000))


@pytest.mark.parametrize("range_type", ["point", "POINT"])
def test_a_range_of_points_is_no_window(range_type: str) -> None:
    sent = {"BeginTimestampForRestore": 1000, "EndTimestampForRestore": 2000, "RangeType": range_type}
    assert models.DbsRecoverRange.model_validate(sent).to_domain() is None


def test_a_range_without_an_end_cannot_be_read() -> None:
    with pytest.raises(ValueError, match="both ends"):
        models.DbsRecoverRange.model_validate({"BeginTimestampForRestore": 1000}).to_domain()


@pytest.mark.parametrize(
    ("fields", "time"),
    [
        ({"StartTime": 1000, "EndTime": 2000, "FinishTime": 3000}, 2000),
        ({"StartTime": 1000, "EndTime": 0, "FinishTime": 3000}, 1000),
        ({"FinishTime": 3000}, 3000),
        ({}, None),
    ],
)
def test_a_backup_set_holds_the_state_of_its_end_time(fields: dict[str, int], time: int | None) -> None:
    assert backup_set(**fields).time == moment(time)


def test_a_backup_set_has_its_size_in_bytes() -> None:
    assert backup_set(BackupSize="5368709120").size == 5 * 2**30


def test_a_gateway_is_named_by_what_it_has() -> None:
    def name(**fields: object) -> str:
        detail = models.BackupGatewayDetail.model_validate({"BackupGatewayId": 23313123312, **fields})
        return detail.to_domain().name

    assert name(DisplayName="idc-1", Identifier="abc") == "idc-1"
    assert name(DisplayName=None, Identifier="abc") == "abc"
    assert name() == "23313123312"


def test_a_precheck_is_read_in_its_order_and_in_lower_case() -> None:
    details = [
        {"Item": "CHECK_PRIV", "OrderNum": "2", "State": "FAILED", "ErrMsg": "java.sql.SQLException: denied"},
        {"Item": "CHECK_CONN", "Names": "Connectivity", "OrderNum": 1, "State": "finish", "ErrMsg": "NULL"},
    ]
    report = models.PreCheckProgress.model_validate({"Status": "Failed", "Progress": "50"}).to_domain(
        tuple(models.PreCheckProgressDetail.model_validate(each) for each in details)
    )
    assert (report.status, report.progress, report.failed) == ("failed", 50, True)
    assert [(item.name, item.state, item.message) for item in report.items] == [
        ("Connectivity", "finish", None),
        ("CHECK_PRIV", "failed", "java.sql.SQLException: denied"),
    ]


def test_promise_7_a_password_dbs_quotes_in_a_reason_is_kept_nowhere() -> None:
    quoted = "jdbc:mysql://db?user=root&password=hunter2&ssl=true"
    task = models.RestoreTaskDetail.model_validate({"RestoreTaskId": "s1", "ErrMessage": quoted}).to_domain()
    item = models.PreCheckProgressDetail.model_validate({"Item": "CONN", "ErrMsg": quoted}).to_domain()
    job = models.JobErrorDetail.model_validate({"ErrorCode": quoted, "ErrorMessage": quoted}).to_domain()
    for kept in (task, item, job):
        assert "hunter2" not in str(kept)
        assert "ssl=true" in str(kept)


def test_promise_9_a_log_in_place_of_a_reason_is_kept_as_far_as_it_can_be_shown() -> None:
    log = "Caused by: java.lang.Exception: e\n" * 100_000
    task = models.RestoreTaskDetail.model_validate({"RestoreTaskId": "s1", "ErrMessage": log}).to_domain()
    item = models.PreCheckProgressDetail.model_validate({"Item": "CONN", "ErrMsg": log}).to_domain()
    job = models.JobErrorDetail.model_validate({"ErrorCode": log, "ErrorMessage": log}).to_domain()
    assert job is not None
    for kept in (task.error_message, item.message, job.code, job.message):
        assert kept == log[: models.LONGEST_TEXT]


def test_no_code_and_no_message_is_no_job_error() -> None:
    assert models.JobErrorDetail.model_validate({"Language": "en"}).to_domain() is None
    found = models.JobErrorDetail.model_validate({"ErrorCode": "x"}).to_domain()
    assert found is not None
    assert (found.code, found.message) == ("x", "")
