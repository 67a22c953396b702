"""What people ask of the bot: to restore, and how far a restore is. Bringing it forward is `settling`."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog

from bot.errors import AlreadySubmitted, CredentialMissing, NotOffered, StoreError
from bot.restores.asking import asked, same
from bot.restores.catalog import Catalog
from bot.restores.clock import utc_now
from bot.restores.credentials import Credentials
from bot.restores.dangers import REPEATED_WITHIN, Danger, dangers, unseen
from bot.restores.models import Following, RequestState, RestoreDraft, RestoreRequest
from bot.restores.passwords import Passwords
from bot.restores.ports import Beside, RequestStore, SealedPassword

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

    async def submit(self, draft: RestoreDraft, seen: Sequence[Danger] | None = None) -> tuple[Danger, ...]:
        """Save what was asked for. The same draft again changes nothing.

        Nothing is saved when there is a danger the person has not `seen`: of two at once the second is told
        of the first. Then all dangers come back, else none. Without `seen` nobody looks for any.
        Raises `AlreadySubmitted` when the form was saved before with something else in it, `NotOffered` when
        the channel may not restore this plan, `CredentialMissing` when its password can come from nowhere.
        """
        if not self._catalog.allowed(draft.plan, draft.channel_id):
            raise NotOffered
        request = asked(self._with_account(draft), self._now())
        saved = await self._saved(request, draft, seen)
        if saved is None:
            return await self.dangers(draft)
        kept = await self._passwords.get(draft.nonce)
        over = saved.state in {RequestState.ABANDONED, RequestState.REFUSED}
        if over or not same(saved, request) or (kept is not None and kept != draft.password):
            raise AlreadySubmitted
        log.info("request saved", nonce=request.nonce, user_id=request.user_id, plan=request.plan_name)
        self._tell()
        self._settle()
        return ()

    def _with_account(self, draft: RestoreDraft) -> RestoreDraft:
        """With a stored credential the account is the one it names."""
        if draft.credential is not None:
            user_name = self._credentials.user_name(draft.credential)
            destination = draft.spec.destination.evolve(user_name=user_name)
            return draft.evolve(spec=draft.spec.evolve(destination=destination), password=None)
        if draft.password is not None and not self._credentials.typing_allowed:
            raise CredentialMissing("Passwords cannot be typed here. Choose a stored credential.")
        return draft

    async def _saved(
        self, request: RestoreRequest, draft: RestoreDraft, seen: Sequence[Danger] | None
    ) -> RestoreRequest | None:
        """None if there is a danger that was not seen.

        Whoever stops waiting takes the request back: it is not saved behind their back.

        The password is kept no later than the request: whoever settles it finds both.
        """
        wanted, reached, is_new = True, False, False
        held = self._passwords.in_memory(request.nonce)
        sealed = self._kept(request, draft)

        def still_wanted() -> bool:
            nonlocal reached
            reached = True
            return wanted

        def allowed(others: Sequence[Following]) -> bool:
            nonlocal is_new
            is_new = unseen(dangers(draft, others, request.created_at), seen or ())
            return not is_new

        beside = None if seen is None else Beside(request.created_at - REPEATED_WITHIN, allowed)
        saved = None
        try:
            saved = await self._store.add_request(
                request, wanted=still_wanted, password=sealed, beside=beside
            )
        except asyncio.CancelledError:
            wanted = False
            # The database was ready in time, and may be slow to say so.
            held = held or reached
            raise
        finally:
            if saved is not request and not held:
                # What was typed now is not for the request that was saved before.
                self._passwords.drop(request.nonce)
        if saved is request:
            # The same submission, given up by another, may have taken it back.
            self._kept(request, draft)
        elif saved is None and not is_new:
            raise StoreError
        return saved

    def _kept(self, request: RestoreRequest, draft: RestoreDraft) -> SealedPassword | None:
        if not request.has_password or draft.password is None:
            return None
        return self._passwords.keep(request.nonce, draft.password)

    async def dangers(self, draft: RestoreDraft) -> tuple[Danger, ...]:
        """What speaks against a restore, though it could be done."""
        now = self._now()
        return dangers(draft, await self._store.current(now - REPEATED_WITHIN), now)

    async def request(self, nonce: str) -> RestoreRequest | None:
        """What was asked for by the form of this nonce."""
        return await self._store.request(nonce)
