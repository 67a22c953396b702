"""One action over HTTP: sent, signed, retried while it helps, ending in its content or a typed error."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import httpx
import stamina
import structlog

from bot.dbs.answers import Answer, Payload, Reading, read_answer
from bot.dbs.auth import Acs3Auth, Credentials
from bot.dbs.endpoints import endpoint
from bot.dbs.parameters import Parameters, plain, secrets_in
from bot.dbs.secrecy import quiet_http_logs, redact
from bot.dbs.signing import canonical_query
from bot.errors import ConfigurationError, DbsError, DbsRejected, DbsThrottled, DbsUnreachable, DbsUnreadable

log = structlog.get_logger(__name__)

VERSION = "2019-03-06"

#: Tries in all. A write is tried again under its client token only, which makes it the same write to DBS.
READ_ATTEMPTS = 4
WRITE_ATTEMPTS = 2

#: For checking the endpoint override once, when the client is made.
_ANY_REGION = "cn-hangzhou"

_WAIT_INITIAL = 0.2
_WAIT_MAX = 3.0
_WAIT_JITTER = 0.5

#: The failures that come before a connection stands: DBS cannot have seen the call.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """In seconds. `total` bounds a call with all its tries and the waits between them."""

    connect: float = 5.0
    answer: float = 10.0
    total: float = 20.0


class Caller:
    """Calls actions of DBS in any region with one AccessKey."""

    def __init__(
        self,
        credentials: Credentials,
        *,
        endpoint_override: str | None,
        transport: httpx.AsyncBaseTransport | None,
        timeouts: Timeouts,
        clock: Callable[[], datetime],
        nonce: Callable[[], str],
    ) -> None:
        quiet_http_logs()
        endpoint(_ANY_REGION, endpoint_override)
        self._key_secrets = [
            secret
            for secret in (credentials.access_key_secret, credentials.security_token)
            if secret is not None
        ]
        self._endpoint_override = endpoint_override
        self._total = timeouts.total
        self._http = httpx.AsyncClient(
            auth=Acs3Auth(credentials, clock=clock, nonce=nonce),
            timeout=httpx.Timeout(timeouts.answer, connect=timeouts.connect),
            transport=transport,
        )

    async def aclose(self) -> None:
        await self._http.aclose()

    async def call(self, action: str, parameters: Parameters, *, region: str, attempts: int) -> Payload:
        """The content of DBS's answer. Raises DbsError.

        Its `certain` speaks for all tries: once the outcome of one is open, a later refusal settles nothing.
        """
        url = self._url(action, region)
        deadline = asyncio.get_running_loop().time() + self._total
        certain = True
        async for attempt in stamina.retry_context(
            on=partial(_wait_before_retry, deadline=deadline),
            attempts=attempts,
            timeout=None,
            wait_initial=_WAIT_INITIAL,
            wait_max=_WAIT_MAX,
            wait_jitter=_WAIT_JITTER,
        ):
            with attempt:
                reading = await self._try(action, parameters, url=url, region=region, deadline=deadline)
                if reading.error is None:
                    return reading.payload or {}
                certain = certain and reading.error.certain
                reading.error.certain = certain
                raise reading.error
        raise AssertionError("a retry context either returns or raises")

    def _url(self, action: str, region: str) -> str:
        """A region comes from DBS's own lists: one that is no region id fails its call and nothing else."""
        try:
            return endpoint(region, self._endpoint_override)
        except ConfigurationError as error:
            raise DbsRejected(error.sentence, code="InvalidRegionId", action=action) from None

    async def _try(
        self, action: str, parameters: Parameters, *, url: str, region: str, deadline: float
    ) -> Reading:
        began = time.monotonic()
        answer = await self._exchange(action, {**parameters, "RegionId": region}, url=url, deadline=deadline)
        if isinstance(answer, DbsError):
            reading = Reading(None, error=answer)
        else:
            secrets = [*self._key_secrets, *secrets_in(parameters)]
            reading = read_answer(answer, action=action, redact=partial(redact, secrets=secrets))
        log.debug(
            "dbs.call",
            action=action,
            region=region,
            request_id=reading.request_id,
            seconds=round(time.monotonic() - began, 3),
            outcome=type(reading.error).__name__ if reading.error else "ok",
        )
        return reading

    async def _exchange(
        self, action: str, parameters: Parameters, *, url: str, deadline: float
    ) -> Answer | DbsError:
        """Send once. Failures are returned, free of httpx's exceptions: those carry the URL."""
        headers = {"x-acs-action": action, "x-acs-version": VERSION, "accept": "application/json"}
        query = canonical_query(plain(parameters).items())
        try:
            async with asyncio.timeout_at(deadline):
                response = await self._http.post(f"{url}?{query}", headers=headers)
        except httpx.InvalidURL:
            return DbsRejected(f"{action} names too much for one call.", code="RequestTooLong", action=action)
        except httpx.DecodingError:
            return DbsUnreadable(f"The answer to {action} was damaged on its way.", action=action)
        except (httpx.HTTPError, TimeoutError) as error:
            return _lost(action, error)
        return Answer(response.status_code, response.content, response.headers.get("retry-after"))


def _lost(action: str, error: Exception) -> DbsUnreachable:
    timed_out = isinstance(error, httpx.TimeoutException | TimeoutError)
    if isinstance(error, _NEVER_SENT):
        reason = "no connection in time" if timed_out else "no connection"
    else:
        reason = "no answer in time" if timed_out else "the connection was lost"
    lost = DbsUnreachable(f"DBS cannot be reached for {action} at the moment: {reason}.", action=action)
    lost.certain = isinstance(error, _NEVER_SENT)
    return lost


def _wait_before_retry(error: Exception, *, deadline: float) -> bool | float:
    """Whether to try again: yes or no, or after how many seconds when DBS named them."""
    left = deadline - asyncio.get_running_loop().time()
    if isinstance(error, DbsThrottled) and error.retry_after is not None:
        return error.retry_after if error.retry_after + _WAIT_MAX < left else False
    return isinstance(error, DbsThrottled | DbsUnreachable) and left > _WAIT_MAX
