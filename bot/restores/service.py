"""What people ask of the bot: to restore, and how far a restore is. Bringing it forward is `settling`."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog
from pydantic import SecretStr

from bot.errors import AlreadySubmitted, CredentialMissing, NotOffered, StoreError
from bot.restores.asking import asked, same
from bot.restores.catalog import Catalog
from bot.restores.clock import utc_now
from bot.restores.credentials import Credentials
from bot.restores.dangers import REPEATED_WITHIN, Danger, dangers
from bot.restores.models import Following, RequestState, RestoreDraft, RestoreRequest
from bot.restores.passwords import Passwords
from bot.restores.ports import RequestStore

log = structlog.get_logger()


class RestoreService:
    """`tell` is called when there is something new to post, `settle` when there is a request to settle."""

    def __init__(
        self,
        catalog: Catalog,
        store: RequestStore,
        passwords: Passwords,
        credentials: Credentials,
        *,
        tell: Callable[[], None],
        settle: Callable[[], None],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._catalog = catalog
        self._store = store
        self._passwords = passwords
        self._credentials = credentials
        self._tell = tell
        self._settle = settle
        self._now = now

    async def submit(self, draft: RestoreDraft) -> None:
        """Save what was asked for. The same draft again changes nothing.

        Raises `AlreadySubmitted` when the form was saved before with something else in it, `NotOffered` when
        the channel may not restore this plan, `CredentialMissing` when its password can come from nowhere.
        """
        if not self._catalog.allowed(draft.plan, draft.channel_id):
            raise NotOffered
        request = asked(self._with_account(draft), self._now())
        held = await self._passwords.get(draft.nonce)
        saved = await self._saved(request, draft.password)
        if saved is not request and held is None:
            # What was typed now is not for the request that was saved before.
            self._passwords.drop(draft.nonce)
        kept = await self._passwords.get(draft.nonce)
        over = saved.state in {RequestState.ABANDONED, RequestState.REFUSED}
        if over or not same(saved, request) or (kept is not None and kept != draft.password):
            raise AlreadySubmitted
        log.info("request saved", nonce=request.nonce, user_id=request.user_id, plan=request.plan_name)
        self._tell()
        self._settle()

    def _with_account(self, draft: RestoreDraft) -> RestoreDraft:
        """With a stored credential the account is the one it names."""
        if draft.credential is not None:
            user_name = self._credentials.user_name(draft.credential)
            destination = draft.spec.destination.evolve(user_name=user_name)
            return draft.evolve(spec=draft.spec.evolve(destination=destination), password=None)
        if draft.password is not None and not self._credentials.typing_allowed:
            raise CredentialMissing("Passwords cannot be typed here. Choose a stored credential.")
        return draft

    async def _saved(self, request: RestoreRequest, password: SecretStr | None) -> RestoreRequest:
        """Whoever stops waiting takes the request back: it is not saved behind their back.

        The password is kept no later than the request: whoever settles it finds both.
        """
        wanted = True
        sealed = None
        if request.has_password and password is not None:
            sealed = self._passwords.keep(request.nonce, password)
        try:
            saved = await self._store.add_request(request, wanted=lambda: wanted, password=sealed)
        except asyncio.CancelledError:
            wanted = False
            self._passwords.drop(request.nonce)
            raise
        if saved is None:
            raise StoreError
        return saved

    async def dangers(self, draft: RestoreDraft) -> tuple[Danger, ...]:
        """What speaks against a restore, though it could be done."""
        now = self._now()
        return dangers(draft, await self._store.current(now - REPEATED_WITHIN), now)

    async def request(self, nonce: str) -> RestoreRequest | None:
        """What was asked for by the form of this nonce."""
        return await self._store.request(nonce)

    async def status(self, restore_task_id: str) -> Following | None:
        """What is known of a task the bot follows; None for any other."""
        return await self._store.following(restore_task_id)
