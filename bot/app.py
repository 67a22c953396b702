"""The composition root: settings become clients, store, service, poller and Bolt app; start, drain, stop."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import structlog
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

import handlers
from bot import config_file
from bot.config import Config
from bot.dbs import Credentials as AccessKey
from bot.dbs import DbsClient
from bot.errors import ConfigurationError
from bot.listening import listening
from bot.restores.accounts import Account, Accounts
from bot.restores.catalog import Catalog
from bot.restores.clock import utc_now
from bot.restores.credentials import Credentials
from bot.restores.loop import Loop
from bot.restores.models import DEFAULT_ACCOUNT
from bot.restores.passwords import Passwords, fernet
from bot.restores.poller import RestorePoller
from bot.restores.presence import Presence
from bot.restores.pruning import Pruner
from bot.restores.register import Register
from bot.restores.service import RestoreService
from bot.restores.settling import Settler
from bot.settings import Settings
from bot.slack import delivery
from bot.slack.delivery import Delivery
from bot.slack.homes import OpenHomes
from bot.store.connection import Connection, database_path
from bot.store.sqlite import SqliteStore
from handlers.desk import Desk

log = structlog.get_logger()

SLACK_TIMEOUT_SECONDS = 10
#: Stopping takes five seconds at most, whoever hangs.
SETTLER_DRAINED_WITHIN = timedelta(seconds=2)
DELIVERY_DRAINED_WITHIN = timedelta(seconds=1.5)
#: When Slack does not say who the bot is, which it is asked with the first thing a person does.
UNKNOWN_TO_SLACK = ":warning: Slack does not answer me at the moment. Please try again."


def slack_client(settings: Settings) -> AsyncWebClient:
    """A client that never repeats a call by itself: a repeated `chat.postMessage` posts twice."""
    return AsyncWebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        timeout=SLACK_TIMEOUT_SECONDS,
        retry_handlers=[],
    )


def dbs_client(settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> DbsClient:
    """DBS as the account `default` calls it, whose key is in the environment."""
    secret = settings.alibaba_cloud_access_key_secret
    if settings.alibaba_cloud_access_key_id is None or secret is None:
        raise ConfigurationError(
            "There is no account: set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET,"
            " or name one in the file RESTOREBOT_CONFIG as [accounts.<name>]."
        )
    key = AccessKey(settings.alibaba_cloud_access_key_id, secret, settings.alibaba_cloud_security_token)
    return DbsClient(key, endpoint=settings.dbs_endpoint, transport=transport)


def account_names(settings: Settings, config: Config) -> tuple[str, ...]:
    """`default` is there without any other, and beside them when the environment holds its key."""
    default = [DEFAULT_ACCOUNT] if settings.keys_in_environment or not config.accounts else []
    return (*default, *config.accounts)


def dbs_of(
    name: str, settings: Settings, config: Config, transport: httpx.AsyncBaseTransport | None = None
) -> tuple[DbsClient, str]:
    """A client with the key of an account, and the region to ask for plans. Raises `ConfigurationError`."""
    account = config.accounts.get(name)
    if account is None:
        return dbs_client(settings, transport), settings.alibaba_cloud_region_id
    named, secret, token = map(account.secret, ("access_key_id", "access_key_secret", "security_token"))
    try:
        key = AccessKey(
            access_key_id=named.read().get_secret_value() if named else account.access_key_id or "",
            access_key_secret=secret.read() if secret else SecretStr(""),
            security_token=token.read() if token else None,
        )
        endpoint = account.endpoint or settings.dbs_endpoint
        return DbsClient(key, endpoint=endpoint, transport=transport), account.region
    except ConfigurationError as error:
        raise ConfigurationError(f"[accounts.{name}] {error.sentence}") from None


class RestoreBot:
    """Everything that runs. `run` ends when `stop` was called, or raises when a part of it died."""

    def __init__(
        self,
        settings: Settings,
        config: Config,
        store: SqliteStore,
        accounts: Accounts,
        passwords: Passwords,
        slack: AsyncWebClient,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._delivery = Delivery(
            slack,
            store,
            every=settings.poll_interval,
            end_in_channel=settings.restorebot_end_in_channel,
            now=now,
        )
        self._homes = OpenHomes(slack, store, store, now=now)
        tell = self._tell
        self._poller = RestorePoller(
            accounts,
            store,
            interval=settings.poll_interval,
            patience=settings.stall_patience,
            tell=tell,
            now=now,
        )
        self.catalog = Catalog(accounts, channels=config.channels)
        credentials = Credentials(config.credentials, typing_allowed=config.form.typed_passwords)
        follow = self._poller.loop.wake
        self._settler = Settler(
            accounts, self.catalog, store, passwords, credentials, tell=tell, follow=follow, now=now
        )
        settle = self._settler.loop.wake
        self.service = RestoreService(
            self.catalog, store, passwords, credentials, tell=tell, settle=settle, now=now
        )
        self.register = Register(
            accounts, self.catalog, store, tell=tell, settle=settle, follow=follow, now=now
        )
        self._presence = Presence(store, quarantine=delivery.QUARANTINE, took_over=self._wake, now=now)
        self._pruner = Pruner(store, keep=settings.kept_for, now=now)
        secret = settings.slack_signing_secret
        self._bolt = AsyncApp(
            client=slack,
            signing_secret=secret.get_secret_value() if secret else None,
            logger=logging.getLogger("slack_bolt"),
            # Bolt's own words are that the app is to be installed anew, and that is not known.
            user_facing_authorize_error_message=UNKNOWN_TO_SLACK,
        )
        desk = Desk(self.service, self.catalog, credentials, self.register)
        handlers.register(self._bolt, desk, let_in=self._delivery.let_in, home_opened=self._homes.opened)
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        """Settle requests, then poll and deliver until stopped; what is unfinished then is left to others."""
        async with aclosing(self.catalog), aclosing(self._presence), asyncio.TaskGroup() as tasks:
            sides = [
                tasks.create_task(side)
                for side in (self._listen(), self._poll(), self._homes.loop.run(), self._pruner.loop.run())
            ]
            present = tasks.create_task(self._presence.loop.run())
            settler = tasks.create_task(self._settler.loop.run())
            delivering = tasks.create_task(self._delivery.loop.run())
            await self._stopping.wait()
            for side in sides:
                side.cancel()
                await asyncio.wait([side])
            await _drained(self._settler.loop, settler, within=SETTLER_DRAINED_WITHIN)
            await _drained(self._delivery.loop, delivering, within=DELIVERY_DRAINED_WITHIN)
            present.cancel()

    def _tell(self) -> None:
        """Something changed that people are to see: in threads, on cards, in their Homes."""
        self._delivery.loop.wake()
        self._homes.loop.wake()

    def _wake(self) -> None:
        """There is something of another worker's to go on with."""
        for side in (self._settler, self._poller, self._delivery, self._homes):
            side.loop.wake()

    async def _poll(self) -> None:
        """Tasks are polled when requests, which may become tasks, had their turn."""
        await self._settler.loop.turned.wait()
        await self._poller.loop.run()

    async def _listen(self) -> None:
        while True:
            async with listening(self._bolt, self._settings) as deaf:
                await deaf()


async def _drained(loop: Loop, running: asyncio.Task[None], *, within: timedelta) -> None:
    """Let a loop finish what it has. What takes too long is cut off and settled at the next start."""
    loop.stop()
    _, late = await asyncio.wait([running], timeout=within.total_seconds())
    if late:
        log.warning("not everything was finished in time")
        running.cancel()


@asynccontextmanager
async def built(
    settings: Settings,
    *,
    connect: Callable[[Path], Awaitable[Connection]] = Connection.open,
    slack: Callable[[Settings], AsyncWebClient] = slack_client,
    transport: httpx.AsyncBaseTransport | None = None,
    now: Callable[[], datetime] = utc_now,
) -> AsyncIterator[RestoreBot]:
    """A bot with its store and clients open. Raises `ConfigurationError` and `StoreError`.

    Tests give it ends of wires that they can disturb: to the database, to Slack, to DBS, and its clock.
    """
    config = config_file.read(
        settings.restorebot_config, keys_in_environment=settings.keys_in_environment
    ).checked()
    key = fernet(settings.restorebot_secret_key)
    async with AsyncExitStack() as stack:
        accounts = []
        for name in account_names(settings, config):
            dbs, region = dbs_of(name, settings, config, transport)
            accounts.append(Account(name, await stack.enter_async_context(dbs), region))
        connection = await connect(database_path(settings.database_url))
        stack.push_async_callback(connection.close)
        store = SqliteStore(connection)
        passwords = Passwords(store, key=key, now=now)
        yield RestoreBot(settings, config, store, Accounts(accounts), passwords, slack(settings), now=now)
