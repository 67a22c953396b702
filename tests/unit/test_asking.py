"""From a draft to the request that is saved, and back to what was wanted."""

from pydantic import SecretStr

from bot.restores.asking import asked, changes, same, wish_of, wish_of_task
from bot.restores.destinations import destination_of
from bot.restores.models import (
    BackupPlan,
    Destination,
    DuplicateConflict,
    Location,
    RestoreDraft,
    RestoreObject,
    RestorePoint,
    Wish,
)
from tests.values import NOON, spec, task

DRAFT = RestoreDraft(
    nonce="0123456789abcdef",
    plan=BackupPlan(
        backup_plan_id="dbs1",
        name="orders",
        engine="MySQL",
        region="cn-hangzhou",
        source_instance_id="rm-source",
    ),
    windows=(),
    spec=spec(account="prod"),
    start=True,
    password=SecretStr("hunter2"),
    channel_id="C1",
    user_id="U1",
)
STORED = DRAFT.evolve(password=None, credential="writer")


def test_a_request_says_all_of_the_draft_but_its_password() -> None:
    request = asked(DRAFT, NOON)
    assert request.spec == DRAFT.spec.evolve(task_name="back to noon rb-0123456789")
    assert (request.plan_name, request.engine, request.source) == ("orders", "MySQL", "rm-source")
    assert (request.has_password, request.credential) == (True, None)
    assert "hunter2" not in request.model_dump_json()


def test_a_request_names_the_stored_credential_it_uses() -> None:
    request = asked(STORED, NOON)
    assert (request.has_password, request.credential) == (False, "writer")


def test_the_same_form_again_asks_for_the_same() -> None:
    saved = asked(DRAFT, NOON)
    assert same(saved, asked(DRAFT, NOON))
    resolved = saved.evolve(spec=saved.spec.evolve(point=RestorePoint(time=NOON)))
    assert same(resolved, saved)


def test_another_target_start_or_credential_is_not_the_same() -> None:
    saved = asked(STORED, NOON)
    assert not same(saved, asked(STORED.evolve(spec=spec()), NOON))
    assert not same(saved, asked(STORED.evolve(start=False), NOON))
    assert not same(saved, asked(STORED.evolve(credential="reader"), NOON))


def test_a_request_can_be_wished_for_again() -> None:
    target = Destination(
        location=Location.AGENT,
        region="cn-hangzhou",
        ip="10.0.0.5",
        port=3306,
        user_name="root",
        backup_gateway_id="233",
        restore_dir="/data",
        restore_home="/usr",
    )
    wanted = DRAFT.spec.evolve(
        destination=target,
        point=RestorePoint(backup_set_id="set1"),
        objects=(),
        duplicate_conflict=DuplicateConflict.RENAME,
        cross_aliyun_id="18",
        cross_role_name="role",
    )
    wish = wish_of(asked(DRAFT.evolve(spec=wanted), NOON))
    assert destination_of(wish, Location.AGENT, "MySQL") == (target, {})
    assert (wish.plan, wish.account, wish.backup_set_id, wish.latest) == ("dbs1", "prod", "set1", False)
    assert (wish.task_name, wish.start, wish.objects, wish.port) == ("back to noon", True, (), "3306")
    assert (wish.cross_aliyun_id, wish.cross_role_name) == ("18", "role")
    assert wish.duplicate_conflict is DuplicateConflict.RENAME


def test_a_wish_for_the_latest_stays_one_and_a_credential_stands_for_its_account() -> None:
    wish = wish_of(asked(STORED, NOON))
    assert (wish.latest, wish.time) == (True, None)
    assert (wish.credential, wish.user_name) == ("writer", None)


# What differs


def labels(now: RestoreDraft) -> list[str]:
    return [each.label for each in changes(asked(STORED, NOON), now)]


def test_the_same_again_differs_in_nothing() -> None:
    renamed = STORED.spec.evolve(objects=(RestoreObject(db_name="orders", new_db_name="orders"),))
    assert labels(STORED.evolve(nonce="f" * 32, spec=renamed)) == []


def test_a_time_is_the_same_to_the_second_as_the_form_holds_it() -> None:
    exact = STORED.spec.evolve(point=RestorePoint(time=NOON.replace(microsecond=500_000)))
    picked = STORED.evolve(spec=STORED.spec.evolve(point=RestorePoint(time=NOON)))
    assert changes(asked(STORED.evolve(spec=exact), NOON), picked) == ()


def test_what_differs_is_named_as_in_the_form_with_what_it_was() -> None:
    target = Destination(location=Location.OTHER, ip="10.0.0.5", port=3306)
    now = STORED.evolve(
        start=False,
        credential="reader",
        spec=STORED.spec.evolve(
            backup_plan_id="dbs2",
            point=RestorePoint(time=NOON),
            destination=target,
            objects=(),
            duplicate_conflict=DuplicateConflict.RENAME,
            task_name="another",
        ),
    )
    found = {each.label: each.was for each in changes(asked(STORED, NOON), now)}
    assert found == {
        "Backup plan": "orders",
        "Point in time": "the latest",
        "Where the target is": "RDS instance",
        "Target region": "cn-hangzhou",
        "Target instance": "rm-1",
        "Target address": None,
        "Target port": None,
        "If a name exists": "fail",
        "Account": "writer",
        "Databases": "orders",
        "Task name": "back to noon",
        "Start": "at once",
    }


def test_another_account_of_dbs_schema_or_user_of_the_target_is_a_difference() -> None:
    spec = STORED.spec
    assert labels(STORED.evolve(spec=spec.evolve(account="another"))) == ["Backup plan"]
    schema = (RestoreObject(db_name="orders", schema_name="public"),)
    moved = (RestoreObject(db_name="orders", schema_name="public", new_schema_name="copy"),)
    before = asked(STORED.evolve(spec=spec.evolve(objects=schema)), NOON)
    assert [each.label for each in changes(before, STORED.evolve(spec=spec.evolve(objects=moved)))] == [
        "Databases"
    ]
    typed = STORED.evolve(credential=None)
    other = spec.evolve(destination=spec.destination.evolve(user_name="reader"))
    found = changes(asked(typed, NOON), typed.evolve(spec=other))
    assert [(each.label, each.was) for each in found] == [("Account", "root")]


def test_what_it_was_is_short_however_many_databases_there_were() -> None:
    many = tuple(RestoreObject(db_name=f"db{n}", new_db_name=f"to{n}") for n in range(9))
    before = asked(STORED.evolve(spec=STORED.spec.evolve(objects=many)), NOON)
    (found,) = changes(before, STORED)
    assert found.was == "db0 → to0, db1 → to1, db2 → to2, db3 → to3, db4 → to4, 4 more"
    back = asked(STORED.evolve(spec=STORED.spec.evolve(point=RestorePoint(backup_set_id="set1"))), NOON)
    assert [each.was for each in changes(back, STORED)] == ["backup set set1"]


def test_a_task_made_elsewhere_is_a_wish_as_far_as_dbs_tells() -> None:
    told = task(
        name="drill",
        backup_plan_id="dbs1",
        backup_set_id="set1",
        restore_time=NOON,
        destination_instance_id="rm-1",
        destination_region="cn-hangzhou",
    )
    wish = wish_of_task(told, "prod")
    assert (wish.plan, wish.account, wish.task_name) == ("dbs1", "prod", "drill")
    assert (wish.time, wish.backup_set_id) == (NOON, None)
    assert (wish.instance_id, wish.region) == ("rm-1", "cn-hangzhou")
    assert wish_of_task(told.evolve(restore_time=None)).backup_set_id == "set1"


def test_a_task_of_which_dbs_tells_nothing_is_an_empty_wish() -> None:
    assert wish_of_task(task()) == Wish()
