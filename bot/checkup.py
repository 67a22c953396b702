"""`restorebot check`: is everything configured and reachable? One line per finding."""

import os
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot import config_file
from bot.app import account_names, dbs_of, slack_client
from bot.config import Config
from bot.errors import ConfigurationError, RestoreBotError
from bot.restores.passwords import fernet
from bot.settings import Settings, load
from bot.slack.outcome import Verdict, outcome
from bot.store.connection import Connection, database_path


@dataclass(frozen=True)
class Finding:
    good: bool
    sentence: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.good else 'FAIL'}  {self.sentence}"


async def findings() -> AsyncIterator[Finding]:
    """Each thing the bot needs, tried once; what is wrong with one keeps no other from being tried."""
    try:
        settings = load()
    except ConfigurationError as error:
        for sentence in (*error.sentence.splitlines(), *_unaided().mistakes):
            yield Finding(good=False, sentence=sentence)
        return
    reading = config_file.read(settings.restorebot_config, keys_in_environment=settings.keys_in_environment)
    for mistake in reading.mistakes:
        yield Finding(good=False, sentence=mistake)
    if settings.restorebot_config is not None and not reading.mistakes:
        yield Finding(good=True, sentence=f"RESTOREBOT_CONFIG: {settings.restorebot_config} can be read")
    for name in sorted(reading.config.credentials):
        yield Finding(good=True, sentence=f"[credentials.{name}] its password is there")
    yield _secret_key(settings)
    yield await _slack(settings)
    if settings.slack_app_token is not None:
        yield await _socket_mode(settings)
    for name in account_names(settings, reading.config):
        if name in reading.config.accounts or settings.keys_in_environment or not reading.mistakes:
            yield await _dbs(name, settings, reading.config)
    yield await _store(settings)


def _unaided() -> config_file.Reading:
    """The file, when the settings that name it are not all there."""
    path = os.environ.get("RESTOREBOT_CONFIG")
    keys = bool(os.environ.get("ALIBABA_CLOUD_ACCESS_KEY_ID"))
    return config_file.read(Path(path) if path else None, keys_in_environment=keys)


def _secret_key(settings: Settings) -> Finding:
    try:
        key = fernet(settings.restorebot_secret_key)
    except RestoreBotError as error:
        return Finding(good=False, sentence=error.sentence)
    held = "are kept encrypted" if key else "are held in memory alone, and gone if the bot dies"
    given = "a Fernet key" if key else "not set"
    return Finding(good=True, sentence=f"RESTOREBOT_SECRET_KEY: {given}; typed passwords {held}")


async def _slack(settings: Settings) -> Finding:
    return await _tried("SLACK_BOT_TOKEN", slack_client(settings).auth_test())


async def _socket_mode(settings: Settings) -> Finding:
    token = settings.slack_app_token.get_secret_value() if settings.slack_app_token else ""
    return await _tried("SLACK_APP_TOKEN", slack_client(settings).apps_connections_open(app_token=token))


async def _tried(variable: str, call: Awaitable[AsyncSlackResponse]) -> Finding:
    try:
        await call
    except (SlackApiError, ClientError, OSError) as error:
        what = outcome(error)
        said = "does not answer" if what.verdict in {Verdict.UNKNOWN, Verdict.NOT_NOW} else "refuses it"
        return Finding(good=False, sentence=f"{variable}: Slack {said} ({what.reason})")
    return Finding(good=True, sentence=f"{variable}: Slack takes it")


async def _dbs(name: str, settings: Settings, config: Config) -> Finding:
    where = f"DBS for the account {name}"
    try:
        dbs, region = dbs_of(name, settings, config)
        async with dbs:
            plans = await dbs.describe_backup_plans(region=region)
    except RestoreBotError as error:
        return Finding(good=False, sentence=f"{where}: {error.sentence}")
    return Finding(good=True, sentence=f"{where} in {region}: {len(plans)} backup plans")


async def _store(settings: Settings) -> Finding:
    try:
        connection = await Connection.open(database_path(settings.database_url))
        try:
            faults = await connection.faults()
        finally:
            await connection.close()
    except RestoreBotError as error:
        return Finding(good=False, sentence=error.sentence)
    if faults:
        return Finding(good=False, sentence=f"Database: {settings.database_url} is damaged ({faults[0]})")
    return Finding(good=True, sentence=f"Database: {settings.database_url} is sound")
