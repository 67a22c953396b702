"""A restore in one line, read and written."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.restores.destinations import destination_of
from bot.restores.models import (
    BackupPlan,
    Destination,
    DuplicateConflict,
    Engine,
    Location,
    RestoreDraft,
    RestoreObject,
    RestorePoint,
    Wish,
)
from bot.restores.quick import KEYS, NO_PASSWORD, read, written
from bot.restores.requirements import Field, Step, asked
from tests.values import NOON, spec

SHANGHAI = ZoneInfo("Asia/Shanghai")


def wish(text: str) -> Wish:
    found = read(text, now=NOON, zone=SHANGHAI)
    assert isinstance(found, Wish), found
    return found


def mistakes(text: str) -> tuple[str, ...]:
    found = read(text, now=NOON, zone=SHANGHAI)
    assert isinstance(found, tuple), found
    return found


def objects(text: str) -> list[tuple[str, str | None]]:
    return [(each.db_name, each.new_db_name) for each in wish(text).objects or ()]


# What is understood


def test_nothing_said_is_nothing_wished() -> None:
    assert wish("") == wish("  ") == wish("/restore") == Wish()


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("orders-prod", "orders-prod"),
        ("  orders  prod ", "orders  prod"),
        ("/restore orders", "orders"),
        ("`/restore orders`", "orders"),
        ("plan=orders prod", "orders prod"),
        ("“the best = plan” at=now", "the best = plan"),
        ("password-store", "password-store"),
    ],
)
def test_words_before_the_first_key_are_the_plan(text: str, plan: str) -> None:
    assert wish(text).plan == plan


def test_every_key_is_understood_at_once() -> None:
    said = wish(
        "plan=orders prod account=main at=-2h location=agent region=cn-hangzhou gateway=233 instance=rm-1"
        " ip=10.0.0.5 port=3306 database=admin sid=ORCL dir=/data home=C:\\mysql user=root db=a:b"
        " conflict=rename cross_uid=18 cross_role=role name=back to noon start=no"
    )
    assert said == Wish(
        plan="orders prod",
        account="main",
        time=NOON - timedelta(hours=2),
        location=Location.AGENT,
        region="cn-hangzhou",
        backup_gateway_id="233",
        instance_id="rm-1",
        ip="10.0.0.5",
        port="3306",
        database_name="admin",
        oracle_sid="ORCL",
        restore_dir="/data",
        restore_home="C:\\mysql",
        user_name="root",
        objects=(RestoreObject(db_name="a", new_db_name="b"),),
        duplicate_conflict=DuplicateConflict.RENAME,
        cross_aliyun_id="18",
        cross_role_name="role",
        task_name="back to noon",
        start=False,
    )


def test_a_backup_set_and_a_credential_are_understood() -> None:
    said = wish("set=abc credential=prod-writer start=YES conflict=fail")
    assert (said.backup_set_id, said.credential, said.start) == ("abc", "prod-writer", True)
    assert said.duplicate_conflict is DuplicateConflict.FAIL


@pytest.mark.parametrize("text", ["at=latest", "at=Latest"])
def test_latest_is_a_time_of_its_own(text: str) -> None:
    assert wish(text) == Wish(latest=True)


def test_times_without_a_zone_are_the_persons() -> None:
    assert wish("at=yesterday 14:00").time == datetime(2026, 11, 19, 6, 0, tzinfo=UTC)
    assert wish("at=2026-11-20 14:00 UTC db=a").time == datetime(2026, 11, 20, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Port = 3306",
        "--port=3306",
        "port= 3306",
        "PORT=“3306”",
        "port\uff1d3306",
        "port\uff1d“3306”",
        "port=\n3306\n",
    ],
)
def test_keys_and_values_are_taken_as_people_type_them(text: str) -> None:
    assert wish(text).port == "3306"


def test_a_key_may_be_written_with_a_dash() -> None:
    assert wish("cross-uid=18").cross_aliyun_id == "18"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("db=a", [("a", None)]),
        ("db=a:b db=c", [("a", "b"), ("c", None)]),
        ("db=a:a", [("a", None)]),
        ("db=my orders : my copy", [("my orders", "my copy")]),
        ('db="a:b":“c d”', [("a:b", "c d")]),
        ('db="say ""hi"""', [('say "hi"', None)]),
        ("db=passwords:passwords_copy", [("passwords", "passwords_copy")]),
        ("db=订单:orders", [("订单", "orders")]),
    ],
)
def test_databases_are_named_old_or_old_and_new(text: str, named: list[tuple[str, str | None]]) -> None:
    assert objects(text) == named


@pytest.mark.parametrize("quotes", ['""', "“”"])
def test_schemas_are_named_as_dbs_writes_them(quotes: str) -> None:
    text = json.dumps([{"DBName": "a = b", "SchemaName": "s", "NewSchemaName": "t:u"}])
    opening, closing = quotes[0], quotes[1]
    for word in ("DBName", "a = b", "SchemaName", "s", "NewSchemaName", "t:u"):
        text = text.replace(f'"{word}"', f"{opening}{word}{closing}")
    said = wish(f"orders objects={text} start=yes")
    assert said.objects == (RestoreObject(db_name="a = b", schema_name="s", new_schema_name="t:u"),)
    assert said.start is True


def test_all_of_the_plan_is_an_empty_list() -> None:
    assert wish("objects=[]").objects == ()


# What is not


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("instnce=rm-1", "instnce is not a key. Did you mean instance?"),
        ("DestinationEndpointIP=1", "destinationendpointip is not a key. Did you mean ip?"),
        ("backup_set=1", "backup_set is not a key. Did you mean set?"),
        ("time=now", "time is not a key. Did you mean at?"),
    ],
)
def test_an_unknown_key_is_explained_with_the_nearest(text: str, sentence: str) -> None:
    assert mistakes(text) == (sentence,)


def test_a_key_like_no_other_is_explained_with_all_of_them() -> None:
    (sentence,) = mistakes("zzz=1")
    assert all(key in sentence for key in KEYS)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("at=soon", "yesterday 14:00"),
        ("location=cloud", "RDS, ECS, DDS"),
        ("conflict=overwrite", "fail, rename"),
        ("start=maybe", "yes, no"),
        ("port=seven", "1 to 65535"),
        ("port=65536", "1 to 65535"),
        ("gateway=gw-1", "number"),
        ("instance=rm 1", "rm-bp1a2b3c4d5e"),
        ("ip=10.0.0.5:3306", "no port"),
        ("region=Hangzhou", "cn-hangzhou"),
        ("dir=data", "/data/restore"),
        ("user=root admin", "no blanks"),
        ("db=a:b:c", "old:new"),
        ("db=:b", "old:new"),
        ("objects=a", "DBName"),
        ('objects=[{"Name": "a"}]', "DBName"),
        ('objects=[{"DBName": "a", "TableName": "t"}]', "TableName"),
        ('objects=[{"DBName": ""}]', "not empty"),
        ("objects={}", "list"),
        ("name=" + "x" * 101, "100"),
    ],
)
def test_a_wrong_value_is_explained_with_what_would_be_right(text: str, right: str) -> None:
    (sentence,) = mistakes(text)
    assert sentence.startswith(text.split("=", maxsplit=1)[0] + ": ")
    assert right in sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("port=", "port has no value. Give it one, or leave it out."),
        ('plan="" at=now', "plan has no value. Give it one, or leave it out."),
        ("at=now at=-2h", "at is given twice. Put quotes around a value that holds “at=”."),
        ("orders plan=orders", "plan is given twice. Put quotes around a value that holds “plan=”."),
        ("at=now set=1", "at and set exclude each other."),
        ("db=a objects=[]", "db and objects exclude each other."),
        ("user=a credential=b", "credential and user exclude each other."),
        ('plan="orders at=now', 'A quote is opened and never closed: "'),
    ],
)
def test_what_contradicts_itself_is_explained(text: str, sentence: str) -> None:
    assert mistakes(text) == (sentence,)


def test_every_mistake_is_told() -> None:
    assert [each.split()[0] for each in mistakes("port=x prt=1 at=y")] == ["port:", "prt", "at:"]


@pytest.mark.parametrize(
    "text",
    [
        "password=hunter2",
        "orders PASSWORD = hunter2 at=now",
        "user=root pw=hunter2 port=3306",
        "user=root,password=hunter2",
        "db_passwd=hunter2",
        "pass=hunter2 hunter2=x",
        "secret=“hunter2”",
        "orders password: hunter2",
        "orders --password hunter2",
        "密码=hunter2",
        'name="unclosed password=hunter2',
        'password="hunter2',
        "password\uff1dhunter2",
        "orders 密码\uff1ahunter2",
        "orders password\uff1ahunter2",
        "orders password hunter2",
        "pwd hunter2 at=-2h",
        "user=root password hunter2",
        "p@ssword=hunter2",
        "orders pa$$w0rd: hunter2",
        "ip=mysql://root:hunter2@db.example.com",
        "postgresql://root:hunter2@db/orders",
        "user=root:hunter2",
        "user\uff1dscott/hunter2",
    ],
)
def test_a_password_is_refused_and_not_repeated(text: str) -> None:
    assert mistakes(text) == (NO_PASSWORD,)
    assert "hunter2" not in NO_PASSWORD


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("passwords", "passwords"),
        ("password-service at=-2h", "password-service"),
        ("password at=-2h", "password"),
        ("reset password", "reset password"),
        ('plan="the password vault"', "the password vault"),
        ("b2b@shop", "b2b@shop"),
    ],
)
def test_a_plan_may_be_called_like_a_password(text: str, plan: str) -> None:
    assert wish(text).plan == plan


def test_an_account_with_a_colon_is_written_so_that_it_is_no_password() -> None:
    assert wish('user="CORP:root"').user_name == "CORP:root"
    assert wish("user=CORP\\root").user_name == "CORP\\root"


# There and back

_odd = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
_names = _odd.map(str.strip).filter(bool)
_plain = st.from_regex(r"[a-z][a-z0-9-]{1,10}", fullmatch=True)
_paths = st.sampled_from(["/data/my restore", "C:\\my “data”", '/a"b', "/-x=y `"])
_TEXTS = {
    Field.REGION: st.just("cn-hangzhou"),
    Field.BACKUP_GATEWAY_ID: st.from_regex(r"[1-9][0-9]{0,10}", fullmatch=True),
    Field.INSTANCE_ID: _plain,
    Field.IP: st.sampled_from(["10.0.0.5", "2001:db8::5", "db.example.com"]),
    Field.PORT: st.integers(1, 65535),
    Field.DATABASE_NAME: _names,
    Field.ORACLE_SID: _plain,
    Field.RESTORE_DIR: _paths,
    Field.RESTORE_HOME: _paths,
    Field.USER_NAME: _plain | st.sampled_from(["a:b", "a/b"]),
}
_objects = st.builds(
    RestoreObject,
    db_name=_names,
    new_db_name=st.none() | _names,
).map(lambda each: each.evolve(new_db_name=None) if each.new_db_name == each.db_name else each)
_schemas = st.builds(
    RestoreObject, db_name=_names, new_db_name=st.none() | _names, schema_name=_names, new_schema_name=_names
)
_points = st.one_of(
    st.just(RestorePoint()),
    st.builds(RestorePoint, backup_set_id=_plain),
    st.builds(
        RestorePoint,
        time=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    ),
)


@st.composite
def drafts(draw: st.DrawFn) -> RestoreDraft:
    """Any draft without fault, whatever its names are."""
    location, engine = draw(st.sampled_from(Location)), draw(st.sampled_from(Engine))
    rows = [row.field for row in asked(location, engine) if row.step is Step.WHERE and row.field in _TEXTS]
    credential = draw(st.none() | _plain)
    texts = {
        field.value: draw(_TEXTS[field]) for field in rows if not (credential and field is Field.USER_NAME)
    }
    wanted = spec(
        backup_plan_id=draw(_plain),
        account=draw(st.sampled_from(["default", "prod_1"])),
        task_name=draw(_names),
        point=draw(_points),
        destination=Destination(location=location, **texts),
        objects=draw(st.lists(_objects | _schemas, max_size=3).map(tuple)),
        duplicate_conflict=draw(st.sampled_from(DuplicateConflict)),
        cross_aliyun_id=draw(st.sampled_from([None, "1876543210987654"])),
        cross_role_name=draw(st.sampled_from([None, "dbs-role"])),
    )
    plan = BackupPlan(
        backup_plan_id=wanted.backup_plan_id, name="orders", engine=engine, region="cn-hangzhou"
    )
    return RestoreDraft(
        nonce="n",
        plan=plan,
        windows=(),
        spec=wanted,
        start=draw(st.booleans()),
        password=SecretStr("hunter2"),
        credential=credential,
        channel_id="C1",
        user_id="U1",
    )


def filled(draft: RestoreDraft, said: Wish) -> RestoreDraft:
    """The draft that a form filled by this wish becomes."""
    location = said.location or Location.RDS
    destination, unread = destination_of(said, location, draft.plan.engine)
    assert unread == {}
    wanted = draft.spec.evolve(
        backup_plan_id=said.plan,
        account=said.account or "default",
        task_name=said.task_name,
        point=RestorePoint(time=said.time, backup_set_id=said.backup_set_id),
        destination=destination,
        objects=said.objects,
        duplicate_conflict=said.duplicate_conflict,
        cross_aliyun_id=said.cross_aliyun_id,
        cross_role_name=said.cross_role_name,
    )
    return draft.evolve(spec=wanted, start=said.start, credential=said.credential)


@given(drafts())
def test_what_is_written_is_read_as_the_same_restore(draft: RestoreDraft) -> None:
    command = written(draft)
    assert "hunter2" not in command
    said = wish(command)
    assert said.latest is draft.spec.point.latest
    assert filled(draft, said) == draft


_fragments = st.sampled_from(
    [*KEYS, "pass", "=", " ", ":", '"', "“", "”", "[", "]", "{", "}", "-", "`", "\n", "1"]
)


@given(st.text() | st.lists(_fragments | st.text(max_size=3), max_size=30).map("".join))
@example("objects=" + "[" * 5000)
@example("port=" + "9" * 5000)
@example('plan="' + '"' * 5001)
@example("at=-" + "9" * 5000 + "d")
def test_any_text_is_a_wish_or_is_explained(text: str) -> None:
    found = read(text, now=NOON, zone=SHANGHAI)
    assert isinstance(found, Wish) or (found and all(sentence for sentence in found))


def test_a_command_says_what_differs_from_the_usual_alone() -> None:
    draft = RestoreDraft(
        nonce="n",
        plan=BackupPlan(backup_plan_id="dbs1", name="orders", engine="MySQL", region="cn-hangzhou"),
        windows=(),
        spec=spec(objects=(RestoreObject(db_name="orders", new_db_name="orders copy"),)),
        start=True,
        password=SecretStr("hunter2"),
        channel_id="C1",
        user_id="U1",
    )
    assert written(draft) == (
        "/restore plan=dbs1 at=latest location=RDS region=cn-hangzhou instance=rm-1 user=root"
        ' db=orders:"orders copy" conflict=fail name="back to noon" start=yes'
    )
