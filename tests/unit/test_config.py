"""The configuration file: what is right in it is read, what is wrong is named with its line."""

import time
import tomllib
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import config_file
from bot.config import Secret
from bot.config_file import Reading
from bot.errors import ConfigurationError
from bot.toml_lines import TomlLines


class Read(Protocol):
    def __call__(self, text: str, *, keys_in_environment: bool = False) -> Reading: ...


GOOD = """\
[form]
typed_passwords = false

[accounts.prod]
region = "cn-hangzhou"
access_key_id = "LTAI-prod"
access_key_secret_env = "PROD_SECRET"

[accounts.eu]
region = "eu-central-1"
access_key_id_env = "EU_ID"
access_key_secret_file = "{file}"
security_token_env = "EU_TOKEN"
endpoint = "dbs.example.com"

[credentials.orders_rw]
user_name = "restore_rw"
password_env = "ORDERS_PASSWORD"

[channels.C0123456789]
accounts = ["prod"]

[channels.G0123456789]
plans = ["orders-prod", "dbs1"]
"""


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Read a text as the file, in an environment that holds some secrets; `{file}` is a file with one."""
    for name in ("PROD_SECRET", "EU_ID", "EU_TOKEN", "ORDERS_PASSWORD"):
        monkeypatch.setenv(name, f"{name}-canary")
    (tmp_path / "secret").write_text("file-canary\n")

    def read(text: str, *, keys_in_environment: bool = False) -> Reading:
        path = tmp_path / "bot.toml"
        path.write_text(text.replace("{file}", str(tmp_path / "secret")))
        return config_file.read(path, keys_in_environment=keys_in_environment)

    return read


def test_a_good_file_is_read_without_a_mistake(read: Read) -> None:
    reading = read(GOOD)
    assert reading.mistakes == ()
    config = reading.checked()
    assert not config.form.typed_passwords
    assert (config.accounts["prod"].region, config.accounts["prod"].access_key_id) == (
        "cn-hangzhou",
        "LTAI-prod",
    )
    assert config.accounts["eu"].endpoint == "dbs.example.com"
    assert config.channels["C0123456789"].accounts == ("prod",)
    assert config.channels["G0123456789"].plans == ("orders-prod", "dbs1")


def test_a_secret_is_not_part_of_the_configuration(read: Read) -> None:
    assert "canary" not in repr(read(GOOD))


def test_without_a_file_everything_is_empty() -> None:
    config = config_file.read(None, keys_in_environment=True).checked()
    assert (config.accounts, config.credentials, config.channels) == ({}, {}, {})
    assert config.form.typed_passwords


MISTAKES = [
    ("typed_passwords = true\n", 1, "typed_passwords is not known here"),
    ("\n[acounts.prod]\n", 2, "Did you mean accounts?"),
    ("[form]\n\ntyped = true\n", 3, "[form] typed is not known here"),
    ("[form]\ntyped_passwords = 'no'\n", 2, "typed_passwords is to be true or false"),
    ("form = 3\n", 1, "[form]"),
    ("accounts = 3\n", 1, "accounts is to be tables"),
    ("[accounts]\nprod = 3\n", 2, "is to be a table"),
    (
        "[accounts.prod]\nregion = 'cn-hangzhou'\naccess_key_id = 'x'\n",
        1,
        "needs one of access_key_secret_env",
    ),
    ("[accounts.prod]\naccess_key_id = 'x'\naccess_key_secret_env = 'EU_ID'\n", 1, "region is missing"),
    (GOOD.replace('"cn-hangzhou"', '"Hangzhou!"'), 5, "region is no region"),
    (GOOD.replace('"cn-hangzhou"', "5"), 5, "region is to be a text"),
    (GOOD.replace('"cn-hangzhou"', '""'), 5, "region is no region"),
    (GOOD.replace("PROD_SECRET", "NOT_THERE"), 7, "the variable NOT_THERE is not set"),
    (GOOD.replace("EU_TOKEN", "NOT_THERE"), 13, "security_token_env: the variable NOT_THERE is not set"),
    (GOOD.replace("{file}", "/nowhere/secret"), 12, "/nowhere/secret cannot be read (No such file"),
    (GOOD.replace("{file}", "/"), 12, "cannot be read (Is a directory)"),
    (GOOD.replace("ORDERS_PASSWORD", "NOT_THERE"), 18, "[credentials.orders_rw] password_env"),
    (GOOD.replace("user_name = ", "username = "), 17, "Did you mean user_name?"),
    (GOOD.replace("user_name = ", "# "), 16, "user_name is missing"),
    (GOOD.replace("password_env", "password"), 18, "password is not known here"),
    (
        GOOD.replace('password_env = "O', 'password_file = "{file}"\npassword_env = "O'),
        19,
        "takes only one of",
    ),
    (GOOD.replace("[credentials.orders_rw]", '[credentials."orders rw"]'), 16, "up to 40"),
    (GOOD.replace('accounts = ["prod"]', 'accounts = ["prd"]'), 21, "there is no account prd"),
    (GOOD.replace('accounts = ["prod"]', 'accounts = "prod"'), 21, "is to be a list of texts"),
    (GOOD.replace('accounts = ["prod"]', "accounts = []"), 21, "is an empty list"),
    (GOOD.replace('accounts = ["prod"]', 'accounts = ["prod", 3]'), 21, "is to be a text"),
    (GOOD.replace('accounts = ["prod"]', ""), 20, "binds the channel to nothing"),
    (GOOD.replace("C0123456789", "db-oncall"), 20, "no channel id"),
    (GOOD.replace('accounts = ["prod"]', 'accounts = ["prod", ""]'), 21, "accounts: text 2 is empty"),
    (GOOD.replace('accounts = ["prod"]', "accounts = [['prod']]"), 21, "text 1 is to be a text"),
    (GOOD.replace('"restore_rw"', '"  "'), 17, "user_name has blanks"),
    (GOOD.replace('"restore_rw"', '"root\\n"'), 17, "user_name has blanks or control characters"),
    (GOOD.replace('"restore_rw"', f'"{"x" * 129}"'), 17, "is longer than 128"),
    (GOOD.replace('"dbs.example.com"', '"not a url"'), 14, "[accounts.eu] endpoint: The DBS endpoint"),
    (GOOD.replace('"dbs.example.com"', '"http://:99999/"'), 14, "must be a host, or a URL"),
    (GOOD.replace('"dbs.example.com"', '"ftp://x"'), 14, "must be a host, or a URL"),
    (GOOD + "a = " + "[" * 5000 + "]" * 5000, 25, "nested too deeply"),
    (GOOD.replace("[form]", "[form"), 1, "Expected"),
    (GOOD + "[form]\n", 25, "Cannot declare"),
    (GOOD + 'a = "', 25, "Unterminated"),
]


@pytest.mark.parametrize(("text", "line", "said"), MISTAKES)
def test_a_mistake_is_named_with_its_line(read: Read, text: str, line: int, said: str) -> None:
    reading = read(text)
    assert any(f"bot.toml, line {line}: " in each and said in each for each in reading.mistakes), (
        reading.mistakes
    )
    assert all("canary" not in mistake for mistake in reading.mistakes)
    with pytest.raises(ConfigurationError):
        reading.checked()


def test_a_mistake_in_a_list_is_named_once_and_hides_no_other_of_its_table(read: Read) -> None:
    text = GOOD.replace('accounts = ["prod"]', 'accounts = ["nosuch", "prod"]\nplans = [""]')
    assert [mistake.partition(": ")[2] for mistake in read(text).mistakes] == [
        "[channels.C0123456789] accounts: there is no account nosuch.",
        "[channels.C0123456789] plans: text 1 is empty.",
    ]


def test_a_byte_order_mark_is_no_mistake(read: Read, tmp_path: Path) -> None:
    assert read("\ufeff" + GOOD).mistakes == ()
    assert ", line 2: " in read("\ufeff" + GOOD.replace("false", "0")).mistakes[0]
    (tmp_path / "secret").write_bytes(b"\xef\xbb\xbfp\xc3\xa4ss\n")
    assert Secret(file=str(tmp_path / "secret")).read().get_secret_value() == "p\u00e4ss"


def test_every_mistake_is_named_in_the_order_of_the_lines_and_hides_no_other(read: Read) -> None:
    text = GOOD.replace("false", "0").replace("PROD_SECRET", "NO_1").replace("ORDERS_PASSWORD", "NO_2")
    mistakes = read(text.replace('accounts = ["prod"]', 'accounts = ["x", "y"]')).mistakes
    lines = [int(mistake.split("line ")[1].split(":")[0]) for mistake in mistakes]
    assert lines == [2, 7, 18, 21, 21]


def test_what_is_right_beside_a_mistake_can_still_be_tried(read: Read) -> None:
    reading = read(GOOD.replace("PROD_SECRET", "NOT_THERE"))
    assert list(reading.config.accounts) == ["eu"]
    assert list(reading.config.credentials) == ["orders_rw"]
    assert len(reading.mistakes) == 1, "a channel may name the account all the same"


def test_the_account_default_is_the_environments_when_its_keys_are_there(read: Read) -> None:
    text = GOOD.replace("[accounts.prod]", "[accounts.default]").replace('["prod"]', '["default"]')
    assert read(text).mistakes == ()
    (mistake,) = read(text, keys_in_environment=True).mistakes
    assert "line 4: [accounts.default] its keys are in ALIBABA_CLOUD_*" in mistake


def test_a_channel_may_be_bound_to_the_account_of_the_environment(read: Read) -> None:
    bound = GOOD.replace('accounts = ["prod"]', 'accounts = ["default"]')
    assert read(bound, keys_in_environment=True).mistakes == ()
    assert "there is no account default" in read(bound).mistakes[0]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for path, reason in ((tmp_path / "none.toml", "No such file"), (tmp_path, "Is a directory")):
        (mistake,) = config_file.read(path, keys_in_environment=True).mistakes
        assert mistake.startswith(f"RESTOREBOT_CONFIG: {path} cannot be read")
        assert reason in mistake
    odd = tmp_path / "odd.toml"
    odd.write_bytes(b"\xff\xfe")
    assert "UTF-8" in config_file.read(odd, keys_in_environment=True).mistakes[0]


@pytest.mark.parametrize(
    ("content", "password"),
    [("pass\n", "pass"), ("pass\r\n", "pass"), ("pass", "pass"), (" pa ss \n", " pa ss "), ("a\n\n", "a\n")],
)
def test_a_secret_in_a_file_loses_one_line_break_and_nothing_else(
    tmp_path: Path, content: str, password: str
) -> None:
    (tmp_path / "secret").write_bytes(content.encode())
    assert Secret(file=str(tmp_path / "secret")).read().get_secret_value() == password


@pytest.mark.parametrize(("content", "said"), [(b"", "is empty"), (b"\n", "is empty"), (b"\xff", "UTF-8")])
def test_a_file_without_a_secret_says_so(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "secret").write_bytes(content)
    with pytest.raises(ConfigurationError, match=said):
        Secret(file=str(tmp_path / "secret")).read()


def test_a_secret_is_read_anew_each_time(tmp_path: Path) -> None:
    secret = Secret(file=str(tmp_path / "secret"))
    for value in ("before", "after"):
        (tmp_path / "secret").write_text(value)
        assert secret.read().get_secret_value() == value


def test_the_line_of_a_value_of_many_lines_is_its_first() -> None:
    text = '# a\n\n[a]\nb = [\n  "1",\n  "2",\n]\nc = """\n\n"""\nd = 1\n'
    lines = TomlLines(text)
    assert [lines.line_of(("a", key)) for key in "bcdx"] == [4, 8, 11, 3]
    assert lines.line_of(("a", "b", 1)) == 4
    assert lines.line_of(("z",)) == 1


@given(
    st.lists(
        st.sampled_from(["# c", "", "[t1]", "[t1.t2]", "k = 1", 'm = """\nx\n"""', "a = [\n1]"]), max_size=8
    )
)
def test_some_line_is_found_in_any_file(lines: list[str]) -> None:
    text = "\n".join(lines)
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    count = text.count("\n") + 1
    for path in (("t1",), ("t1", "t2", "k"), ("m",), ("a",), ("none",)):
        line = TomlLines(text).line_of(path)
        assert 1 <= line <= count
        assert line == 1 or not holds(text.split("\n")[: line - 1], path)


def holds(lines: list[str], path: tuple[str, ...]) -> bool:
    content: Any = tomllib.loads("\n".join(lines))
    for step in path:
        if not isinstance(content, dict) or step not in content:
            return False
        content = content[step]
    return True


@pytest.mark.parametrize(
    ("value", "count"),
    [
        ('["#", """]\n"""] # "', 2),
        ("'''\n[x]\n''''", 3),
        ('"\\"]#"', 1),
        ('"""\\"""]\n"""""', 2),
        ("[\n[ # ]\n]\n]", 4),
        ("{ a = [1,\n2], b = '{' }", 2),
    ],
)
def test_a_value_ends_where_it_ends(value: str, count: int) -> None:
    text = f"first = {value}\n[last]\n"
    tomllib.loads(text)
    assert TomlLines(text).line_of(("last",)) == 1 + count


def test_a_long_file_with_many_mistakes_is_read_quickly(read: Read) -> None:
    text = "".join(f"[credentials.c{number}]\nuser_name = 3\n" for number in range(1000))
    text += "[channels.C0123456789]\nplans = [\n" + '"x",\n' * 3000 + "]\nodd = 1\n"
    begun = time.process_time()
    mistakes = read(text).mistakes
    assert time.process_time() - begun < 5  # 0.2 seconds, where lines are found one by one a minute
    assert len(mistakes) == 2001
    assert "line 5004: " in mistakes[-1]
