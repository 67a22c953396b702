"""What the steps of the form need to know from elsewhere: none of them waits for it for long."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from typing import TypeVar

import structlog
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import CredentialMissing, RestoreBotError
from bot.restores.catalog import Catalog
from bot.restores.clock import utc_now
from bot.restores.credentials import Credentials
from bot.restores.models import ENGLISH, BackupPlan, RestoreDraft, RestoreRequest
from bot.restores.register import Register
from bot.restores.service import RestoreService
from bot.restores.sizes import size_of
from bot.slack.forms.accounts import AccountPart
from bot.slack.forms.check import CheckForm, Seen
from bot.slack.forms.draft import draft_of
from bot.slack.forms.objects import ObjectsPart
from bot.slack.forms.point import PointPart
from bot.slack.forms.risks import RisksPart
from bot.slack.forms.state import FormState, TooLarge
from bot.slack.forms.step import Notice
from bot.slack.forms.what import WhatForm
from bot.slack.forms.where import Stored, WhereForm
from bot.slack.message import Block
from bot.slack.workspace import Workspace
from bot.slack.zones import UTC_NAME, Zones
from handlers.turns import Turns

log = structlog.get_logger()

T = TypeVar("T")

#: After a choice was acknowledged: how long DBS may take before the form says that it does not answer.
PLAN_WITHIN = 6.0
#: Before a submission is acknowledged, which Slack waits 3 seconds for: of DBS, and of our own store.
BEFORE_ANSWER = 0.9
FROM_STORE = 0.6


class Desk:
    """Asks, and puts what it heard into the form; what it did not hear the form says."""

    def __init__(
        self, service: RestoreService, catalog: Catalog, credentials: Credentials, register: Register
    ) -> None:
        self.service = service
        self.register = register
        self.catalog = catalog
        self.credentials = credentials
        self.zones = Zones()
        self.workspace = Workspace()
        self.turns = Turns()

    # Step one

    def what(self, state: FormState, notice: Notice | None = None) -> Block:
        with_account = self.catalog.many_accounts
        try:
            return WhatForm.build(state, notice, with_account=with_account)
        except TooLarge:
            log.warning("a plan too large for a form", plan=state.of_plan)
            bare = state.evolve(plan=None, windows=(), more_windows=False, found=False)
            too_large = Notice("This plan does not fit into a form. Restore it in the DBS console.")
            return WhatForm.build(bare, too_large, with_account=with_account)

    async def looked_up(
        self, state: FormState, chosen: tuple[str, str] | None
    ) -> tuple[FormState, Notice | None]:
        """The form with the plan that is chosen in it, or with the one that was asked for by name."""
        if chosen is not None:
            shown = state.plan and (state.plan.account, state.plan.backup_plan_id)
            known = shown == chosen and (state.windows or not state.more_windows)
            return (state, None) if known else await self._planned(state, *chosen)
        try:
            return await self._searched(state.evolve(plan=None, windows=(), more_windows=False))
        except RestoreBotError as error:
            return state, Notice(f"The backup plans cannot be listed. {error.sentence}", again=True)

    async def _searched(self, state: FormState) -> tuple[FormState, Notice | None]:
        """Also without a name: whether DBS lists plans at all is known before anybody types."""
        text = (state.wish.plan or "").strip()
        found = await self.catalog.plans(text, state.channel_id)
        silent = " ".join(f"Not asked: {sentence}" for sentence in found.silent)
        account = state.wish.account
        if account is not None and account not in self.catalog.accounts:
            unknown = (
                f"There is no account “{account}” here. The list below offers the plans of those there are."
            )
            return state.wishing(plan=None, account=None), Notice(unknown)
        plans = [plan for plan in found.plans if account in {None, plan.account}]
        exact = [plan for plan in plans if text.lower() in {plan.name.lower(), plan.backup_plan_id.lower()}]
        if not text:
            return state, Notice(silent, again=True) if silent else None
        if len(plans) == 1 or len(exact) == 1:
            plan = (exact or plans)[0]
            return await self._planned(state.evolve(found=True), plan.account, plan.backup_plan_id)
        if not plans:
            there = f" in the account “{account}”" if account else ""
            nothing = f"No backup plan{there} matches “{text}”."
            if near := [plan.name for plan in found.nearest if account in {None, plan.account}]:
                names = " or ".join(f"“{name}”" for name in dict.fromkeys(near))
                meant = f"Did you mean {names}? Choose it from the list below."
                return state, Notice(" ".join(filter(None, (nothing, meant, silent))), icon=":mag:")
            more = "Type part of a name, an id, an engine or an instance."
            return state.wishing(plan=None), Notice(" ".join(filter(None, (nothing, more, silent))))
        several = f"{len(plans)} backup plans match “{text}”. The list below offers them: choose one."
        return state, Notice(" ".join(filter(None, (several, silent))), icon=":mag:")

    async def _planned(
        self, state: FormState, account: str, backup_plan_id: str
    ) -> tuple[FormState, Notice | None]:
        """With what DBS says of the plan; with what its list says of it, when it does not answer."""
        try:
            async with asyncio.timeout(PLAN_WITHIN):
                plan, windows = await self.catalog.plan(backup_plan_id, account)
            return state.for_plan(plan, windows), None
        except TimeoutError:
            sentence = "DBS does not answer."
        except RestoreBotError as error:
            sentence = error.sentence
        kept = await self._kept(state, account, backup_plan_id)
        if kept is None:
            missing = Notice(f"What can be restored is not known. {sentence}", again=True)
            return state.evolve(plan=None, windows=(), more_windows=False, found=False), missing
        return state.for_plan(kept, None), Notice(
            f"Which times can be restored is not known. {sentence}", again=True
        )

    async def _kept(self, state: FormState, account: str, backup_plan_id: str) -> BackupPlan | None:
        found = await self._soon(
            "plans", self.catalog.plans(backup_plan_id, state.channel_id), within=BEFORE_ANSWER
        )
        plans = found.plans if found else ()
        return next(
            (plan for plan in plans if (plan.account, plan.backup_plan_id) == (account, backup_plan_id)), None
        )

    async def with_windows_as_they_are(self, state: FormState) -> FormState:
        """Windows move: asked again before a time is refused or sent. As they were if DBS does not answer."""
        if state.plan is None or state.point.time is None:
            return state
        plan = state.plan
        asked = await self._soon(
            "windows", self.catalog.plan(plan.backup_plan_id, plan.account), within=BEFORE_ANSWER
        )
        return state.evolve(windows=asked[1], more_windows=False) if asked else state

    async def checked_time(self, state: FormState) -> FormState:
        """With the windows of this moment, if the time seems to lie outside them."""
        outside = PointPart.problem(state, state.point.time) is not None
        return await self.with_windows_as_they_are(state) if outside else state

    # Step two

    def stored(self) -> Stored:
        named = [(name, self.credentials.user_name(name)) for name in self.credentials.names]
        return Stored(named, typing=self.credentials.typing_allowed)

    def where(self, state: FormState, notice: Notice | None = None) -> Block:
        return WhereForm.build(state, self.stored(), notice)

    # A restore once more

    async def in_the_way(self, state: FormState) -> Notice | None:
        """Why a restore cannot be sent as it was, apart from its password and from what is dangerous."""
        for sentence in PointPart.errors(state).values():
            return Notice(f"It cannot be restored as it was. {sentence}")
        if await self._expired(state):
            gone = f"The backup set {state.point.backup_set_id} is not there any more."
            return Notice(f"It cannot be restored as it was. {gone} Choose another one, or a time.")
        stored = self.stored()
        gone_account = AccountPart.missing(state, stored.credentials, typing=stored.typing)
        wrong = [gone_account] if gone_account else list(WhereForm.problems(state, stored).values())
        if wrong:
            return Notice(f"The target is not complete: {wrong[0]} Go on to the next step to put it right.")
        return None

    async def _expired(self, state: FormState) -> bool:
        """Whether DBS says that it does not keep the backup set; what it does not say, it decides later."""
        if state.plan is None or state.point.backup_set_id is None:
            return False
        sets = await self._soon("backup sets", self.catalog.backup_sets(state.plan), within=PLAN_WITHIN)
        return sets is not None and state.point.backup_set_id not in {each.backup_set_id for each in sets}

    # Step three

    async def check(
        self,
        state: FormState,
        user_id: str,
        notice: Notice | None = None,
        *,
        before: Block | None = None,
    ) -> Block:
        """Step three as it is now, with what DBS and the store say of it. `before`: as it was."""
        plan = await self.plan_with_databases(state)
        databases = plan.databases if plan else ()
        state = ObjectsPart.entered(state, databases)
        draft = self.draft(state, plan, user_id)
        seen = await self.seen(state, draft)
        seen = replace(seen, warned=before is not None and RisksPart.shown(before) is not None)
        if not databases and notice is None:
            notice = Notice("DBS did not say which databases the plan holds.", again=True)
        return CheckForm.build(state, draft, seen, notice)

    def draft(
        self,
        state: FormState,
        plan: BackupPlan | None,
        user_id: str,
        *,
        password: SecretStr | None = None,
        size: int | None = None,
        language: str = ENGLISH,
    ) -> RestoreDraft:
        plan = plan or state.plan
        assert plan is not None, "steps two and three have a plan"  # noqa: S101 - views are built in this order
        return draft_of(state, plan, user_id, password=password, size=size, language=language)

    async def size(self, state: FormState) -> int | None:
        """Of the backup that is asked for, if DBS tells it in time."""
        if state.plan is None:
            return None
        sets = await self._soon("size", self.catalog.backup_sets(state.plan), within=BEFORE_ANSWER)
        return size_of(sets, state.point) if sets else None

    async def seen(self, state: FormState, draft: RestoreDraft) -> Seen:
        dangers, before = await asyncio.gather(
            self._soon("dangers", self.service.dangers(draft), within=FROM_STORE), self._before(state)
        )
        return Seen(
            before=before,
            now=utc_now(),
            databases=draft.plan.databases,
            dangers=dangers,
            user_name=self._user_name(draft.credential),
            many_accounts=self.catalog.many_accounts,
        )

    async def _before(self, state: FormState) -> RestoreRequest | None:
        """What the restore repeats, as far as it is still known."""
        if state.again_of is None:
            return None
        return await self._soon("an earlier request", self.service.request(state.again_of), within=FROM_STORE)

    async def plan_with_databases(self, state: FormState) -> BackupPlan | None:
        """The plan with its databases; without them if DBS does not name them in time."""
        if state.plan is None:
            return None
        databases = await self._soon("databases", self.catalog.databases(state.plan), within=BEFORE_ANSWER)
        return state.plan.evolve(databases=databases or ())

    def _user_name(self, name: str | None) -> str | None:
        try:
            return self.credentials.user_name(name) if name else None
        except CredentialMissing:
            return None

    # All of them

    async def in_zone_of(self, client: AsyncWebClient, state: FormState, user_id: str) -> FormState:
        return state.evolve(zone=await self.zones.of(client, user_id) or UTC_NAME)

    def in_known_zone_of(self, state: FormState, user_id: str) -> FormState:
        """As far as it is known without asking."""
        return state.evolve(zone=self.zones.known(user_id) or UTC_NAME)

    async def _soon(self, what: str, answer: Awaitable[T], *, within: float) -> T | None:
        """The answer if it comes before Slack gives up waiting; None if it does not."""
        try:
            async with asyncio.timeout(within):
                return await answer
        except TimeoutError:
            log.warning("no answer in time for a form", what=what)
        except RestoreBotError as error:
            log.warning("no answer for a form", what=what, error=error.sentence)
        return None
