"""`restorebot check`: is everything configured and reachable? One line per finding."""

from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.app import dbs_client, slack_client
from bot.errors import DbsError, RestoreBotError
from bot.settings import Settings
from bot.slack.outcome import Verdict, outcome
from bot.store.connection import Connection, database_path


@dataclass(frozen=True)
class Finding:
    good: bool
    sentence: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.good else 'FAIL'}  {self.sentence}"


async def findings(settings: Settings) -> AsyncIterator[Finding]:
    """Each thing the bot needs, tried once."""
    yield await _slack(settings)
    if settings.slack_app_token is not None:
        yield await _socket_mode(settings)
    yield await _dbs(settings)
    yield await _store(settings)


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


async def _dbs(settings: Settings) -> Finding:
    region = settings.alibaba_cloud_region_id
    try:
        async with dbs_client(settings) as dbs:
            plans = await dbs.describe_backup_plans(region=region)
    except DbsError as error:
        return Finding(good=False, sentence=f"DBS in {region}: {error.sentence}")
    return Finding(good=True, sentence=f"DBS in {region}: {len(plans)} backup plans")


async def _store(settings: Settings) -> Finding:
    try:
        connection = await Connection.open(database_path(settings.database_url))
    except RestoreBotError as error:
        return Finding(good=False, sentence=error.sentence)
    await connection.close()
    return Finding(good=True, sentence=f"Database: {settings.database_url}")
