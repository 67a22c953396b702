"""What every step of a request ends with: it is saved as it stands, or put off."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.errors import CredentialMissing, DbsError
from bot.restores.accounts import Accounts
from bot.restores.clock import backoff
from bot.restores.models import Event, EventKind, RequestState, RestoreRequest
from bot.restores.ports import Dbs, RequestStore

log = structlog.get_logger()

FIRST_RETRY = timedelta(seconds=2)
LONGEST_RETRY = timedelta(minutes=1)


class Steps:
    """`tell` is called when there may be something new to post."""

    def __init__(
        self,
        accounts: Accounts,
        store: RequestStore,
        *,
        tell: Callable[[], None],
        now: Callable[[], datetime],
    ) -> None:
        self._accounts = accounts
        self._store = store
        self._tell = tell
        self._now = now

    async def save(self, request: RestoreRequest, *events: Event) -> bool:
        """Whether the request was still this worker's; if not, nothing is saved."""
        held = await self._store.save_request(request, self._now(), events)
        if not held:
            log.warning("another worker goes on with the request", nonce=request.nonce)
        self._tell()
        return held

    async def later(self, request: RestoreRequest, error: DbsError | CredentialMissing) -> None:
        """Try again after a pause. A doubt whether the task was created is told in the thread, once."""
        if request.attempts == 0:
            log.warning("request waits", nonce=request.nonce, state=request.state, error=error.sentence)
        creating = request.state is RequestState.CREATING
        tell = creating and request.doubt_at is not None and not request.doubt_told
        pause = backoff(request.attempts, first=FIRST_RETRY, longest=LONGEST_RETRY)
        request = request.evolve(
            attempts=request.attempts + 1,
            due_at=self._now() + pause,
            error=error.sentence,
            doubt_told=request.doubt_told or tell,
        )
        events = [Event(kind=EventKind.UNSETTLED, text=error.sentence)] if tell else []
        await self.save(request, *events)

    def dbs(self, request: RestoreRequest) -> Dbs:
        """Raises `AccountNotConfigured`."""
        return self._accounts[request.spec.account].dbs
