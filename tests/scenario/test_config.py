"""The configuration file on the command line."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tests.scenario.processes import environment, restorebot
from tests.scenario.stage import Stage

WRONG = """\
[accounts.prod]
region = "cn-hangzhou"
access_key_id = "sandbox"
access_key_secret_env = "NOT_THERE"

[credentials.orders]
username = "restore_rw"
password_env = "CANARY_PASSWORD"

[credentials.billing]
user_name = "restore_rw"
password_env = "CANARY_PASSWORD"

[channels.C0DBONCALL1]
accounts = ["nobody"]
"""

SENTENCES = (
    "line 4: [accounts.prod] access_key_secret_env: the variable NOT_THERE is not set.",
    "line 6: [credentials.orders] user_name is missing.",
    "line 7: [credentials.orders] username is not known here. Did you mean user_name?",
    "line 15: [channels.C0DBONCALL1] accounts: there is no account nobody.",
)


def configured(stage: Stage, folder: Path, text: str, **more: str) -> dict[str, str]:
    """The stage's environment with this file."""
    path = folder / "bot.toml"
    path.write_text(text)
    return environment(stage) | {"RESTOREBOT_CONFIG": str(path), "CANARY_PASSWORD": "canary"} | more


async def test_check_names_every_mistake_with_its_line_and_goes_on(stage: Stage, tmp_path: Path) -> None:
    async with restorebot("check", environment=configured(stage, tmp_path, WRONG)) as check:
        assert await check.ended() == 1
    for sentence in SENTENCES:
        assert f"FAIL  {tmp_path}/bot.toml, {sentence}\n" in check.printed
    assert "ok    [credentials.billing] its password is there" in check.printed
    assert "ok    SLACK_BOT_TOKEN: Slack takes it" in check.printed
    assert "ok    DBS for the account default in cn-hangzhou: " in check.printed
    assert check.printed.count("FAIL") == len(SENTENCES)
    assert "canary" not in check.printed


async def test_run_refuses_to_start_with_the_same_sentences(stage: Stage, tmp_path: Path) -> None:
    async with restorebot("run", environment=configured(stage, tmp_path, WRONG)) as bot:
        assert await bot.ended() == 1
    for sentence in SENTENCES:
        assert sentence in bot.printed
    assert "Traceback" not in bot.printed
    assert "connected to Slack" not in bot.printed


async def test_check_tries_every_account_and_credential(stage: Stage, tmp_path: Path) -> None:
    key = Fernet.generate_key().decode()
    good = WRONG.replace("NOT_THERE", "SECRET").replace("username", "user_name").replace("nobody", "prod")
    more = {
        "SECRET": "sandbox-secret",
        "RESTOREBOT_SECRET_KEY": key,
        "ALIBABA_CLOUD_ACCESS_KEY_ID": "",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "",
    }
    async with restorebot("check", environment=configured(stage, tmp_path, good, **more)) as check:
        assert await check.ended() == 0
    assert "ok    DBS for the account prod in cn-hangzhou: " in check.printed
    assert "account default" not in check.printed
    assert "ok    RESTOREBOT_SECRET_KEY: a Fernet key; typed passwords are kept encrypted" in check.printed
    for secret in ("canary", "sandbox-secret", key):
        assert secret not in check.printed


async def test_check_names_the_file_s_mistakes_although_settings_are_missing(
    stage: Stage, tmp_path: Path
) -> None:
    without = configured(stage, tmp_path, WRONG, SLACK_BOT_TOKEN="")
    async with restorebot("check", environment=without) as check:
        assert await check.ended() == 1
    assert "FAIL  SLACK_BOT_TOKEN is not set.\n" in check.printed
    for sentence in SENTENCES:
        assert sentence in check.printed


@pytest.mark.parametrize("command", ["run", "check"])
async def test_a_secret_key_that_is_none_is_named_with_how_to_make_one(stage: Stage, command: str) -> None:
    wrong = environment(stage) | {"RESTOREBOT_SECRET_KEY": "canary"}
    async with restorebot(command, environment=wrong) as process:
        assert await process.ended() == 1
    assert "RESTOREBOT_SECRET_KEY is no Fernet key. This prints a new one: python -c" in process.printed
    assert "canary" not in process.printed
    assert "Traceback" not in process.printed


@pytest.mark.parametrize("command", ["run", "check"])
async def test_without_any_account_both_say_what_to_do(stage: Stage, tmp_path: Path, command: str) -> None:
    none = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": ""}
    async with restorebot(command, environment=configured(stage, tmp_path, "", **none)) as process:
        assert await process.ended() == 1
    assert "There is no account: set ALIBABA_CLOUD_ACCESS_KEY_ID" in process.printed
    assert "Traceback" not in process.printed
