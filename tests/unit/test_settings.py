"""Settings that depend on each other."""

from datetime import timedelta

import pytest

from bot import settings
from bot.errors import ConfigurationError

SLACK = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
KEY_ID, SECRET = "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in settings.Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in SLACK.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_without_a_file_the_environment_has_to_hold_the_keys() -> None:
    with pytest.raises(ConfigurationError) as raised:
        settings.load()
    assert str(raised.value) == f"{KEY_ID} is not set.\n{SECRET} is not set."


def test_with_a_file_the_keys_may_be_left_out(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("RESTOREBOT_CONFIG", "bot.toml")
    assert not settings.load().keys_in_environment


@pytest.mark.parametrize(
    ("given", "said"), [(KEY_ID, f"{SECRET} is not set."), (SECRET, f"{SECRET}: set without {KEY_ID}.")]
)
def test_half_a_pair_of_keys_is_never_enough(environment: pytest.MonkeyPatch, given: str, said: str) -> None:
    environment.setenv("RESTOREBOT_CONFIG", "bot.toml")
    environment.setenv(given, "canary")
    with pytest.raises(ConfigurationError) as raised:
        settings.load()
    assert str(raised.value) == said


def test_both_keys_are_the_account_of_the_environment(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("RESTOREBOT_CONFIG", "bot.toml")
    environment.setenv(KEY_ID, "id")
    environment.setenv(SECRET, "secret")
    assert settings.load().keys_in_environment


@pytest.mark.parametrize("days", ["0", "-1", "ninety"])
def test_restores_that_ended_are_kept_for_days_and_at_least_for_one(
    environment: pytest.MonkeyPatch, days: str
) -> None:
    environment.setenv(KEY_ID, "id")
    environment.setenv(SECRET, "secret")
    assert settings.load().kept_for == timedelta(days=90)
    environment.setenv("RESTOREBOT_KEEP_DAYS", days)
    with pytest.raises(ConfigurationError, match="RESTOREBOT_KEEP_DAYS"):
        settings.load()
