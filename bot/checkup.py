"""`restorebot check`: is everything configured and reachable? One line per finding."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from bot.app import dbs_client, slack_client
from bot.errors import DbsError, RestoreBotError
from bot.settings import Settings
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
    try:
        answer = await slack_client(settings).auth_test()
    except SlackApiError as error:
        return Finding(good=False, sentence=f"Slack refuses SLACK_BOT_TOKEN: {error.response.get('error')}")
    except (ClientError, OSError):
        return Finding(good=False, sentence=f"Slack cannot be reached at {settings.slack_api_url}")
    return Finding(good=True, sentence=f"Slack: {answer['user']} in {answer['team']}")


async def _socket_mode(settings: Settings) -> Finding:
    token = settings.slack_app_token.get_secret_value() if settings.slack_app_token else ""
    try:
        await slack_client(settings).apps_connections_open(app_token=token)
    except SlackApiError as error:
        return Finding(good=False, sentence=f"Slack refuses SLACK_APP_TOKEN: {error.response.get('error')}")
    except (ClientError, OSError):
        return Finding(good=False, sentence="Slack's Socket Mode cannot be reached")
    return Finding(good=True, sentence="Socket Mode: allowed")


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
