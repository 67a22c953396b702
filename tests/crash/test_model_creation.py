"""A model of creation: one submission, one task, whatever gets lost, comes late, dies or is mistimed."""

from datetime import timedelta

from cryptography.fernet import Fernet
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from pydantic import SecretStr

from bot.errors import AlreadySubmitted
from bot.restores.accounts import Account, Accounts
from bot.restores.catalog import Catalog
from bot.restores.credentials import Credentials
from bot.restores.dangers import REPEATED_WITHIN, dangers
from bot.restores.models import DEFAULT_ACCOUNT, RequestState, RestoreDraft, RestoreRequest
from bot.restores.passwords import Passwords
from bot.restores.service import RestoreService
from bot.restores.settling import Settler
from bot.store.sqlite import SqliteStore
from tests import values
from tests.crash.fragile import BOUNDED, Died, Machine
from tests.crash.ledger import PLAN, READ_FATES, WRITE_FATES, Ledger

PASSWORD = SecretStr("correct horse")
KEY = Fernet(Fernet.generate_key())
QUARANTINE = timedelta(seconds=12)
#: Long enough for the longest pause, and for orders to start that are refused.
PATIENCE = 120.0

#: What a thread may say of its creation, in this order. Nothing else, and nothing twice.
STORIES = {
    ("card", *unsettled, *end)
    for unsettled in ((), ("unsettled",))
    for end in ((), ("refused",), ("never_sent",), ("abandoned",), ("created",), ("created", "start_refused"))
}
#: What says that there is no task.
DENIALS = {"refused", "never_sent", "abandoned"}

#: Submissions in one example; more make it slower, not harder.
MOST = 3

moments = st.tuples(st.integers(0, 3), st.sampled_from(["before", "after"]))


class Creation(Machine):
    """People submit and submit again; DBS answers or not; the bot takes turns, dies, and is started again."""

    possible = STORIES
    #: There is no task where the thread says so, nor will there be.
    strict = True

    def __init__(self) -> None:
        super().__init__()
        self.drafts: list[RestoreDraft] = []
        self.taken: set[str] = set()
        self.ledger = Ledger(self.world, 0.0)
        self.key: Fernet | None = None

    @initialize(keyed=st.booleans(), hidden_for=st.sampled_from([0.0, 20.0]))
    def begin(self, *, keyed: bool, hidden_for: float) -> None:
        self.key = KEY if keyed else None
        self.ledger.hidden_for = hidden_for
        self.start_bot()

    def start_bot(self) -> None:
        self.store = self.world.run(self.world.heir(quarantine=QUARANTINE))
        self.settler, self.service = self.sides(self.store)
        self.ledger.arrive()

    def sides(self, store: SqliteStore) -> tuple[Settler, RestoreService]:
        """Of one process: it alone holds what is typed there."""
        known = Accounts([Account(DEFAULT_ACCOUNT, self.ledger, "cn-hangzhou")])
        catalog, credentials, now = Catalog(known), Credentials(None), self.world.now
        passwords = Passwords(store, key=self.key, now=now)
        settler = Settler(
            known, catalog, store, passwords, credentials, tell=_nobody, follow=_nobody, now=now
        )
        service = RestoreService(
            catalog, store, passwords, credentials, tell=_nobody, settle=_nobody, now=now
        )
        return settler, service

    def die(self) -> None:
        self.world.run(self.settler.loop.crew.cancel())
        self.ledger.fates.clear()
        self.start_bot()

    # What people do

    @precondition(lambda self: len(self.drafts) < MOST)
    @rule(start=st.booleans(), latest=st.booleans(), alone=st.booleans())
    def submit(self, *, start: bool, latest: bool, alone: bool) -> None:
        spec = values.spec(task_name="back")
        if not latest:
            spec = spec.evolve(point=spec.point.evolve(backup_set_id="set1"))
        nonce = f"{len(self.drafts)}".zfill(10) + "a" * 22
        draft = RestoreDraft(
            nonce=nonce,
            plan=PLAN,
            windows=(),
            spec=spec,
            start=start,
            password=PASSWORD,
            channel_id="C1",
            user_id="U1",
        )
        self.drafts.append(draft)
        self.hand_in(draft, alone=alone)

    @precondition(lambda self: self.drafts)
    @rule(data=st.data())
    def submit_again(self, data: st.DataObject) -> None:
        self.hand_in(data.draw(st.sampled_from(self.drafts)))

    @precondition(lambda self: self.drafts)
    @rule(data=st.data(), moment=moments)
    def submit_and_die(self, data: st.DataObject, moment: tuple[int, str]) -> None:
        self.world.connection.doomed = moment
        self.hand_in(data.draw(st.sampled_from(self.drafts)))
        self.world.connection.doomed = None

    def hand_in(self, draft: RestoreDraft, *, alone: bool = False) -> None:
        """`alone`: only if no other goes to the same place, as the form that was shown said."""
        before = self.requests()
        known = draft.nonce in {request["nonce"] for request in before}
        under_way = any(request["open"] and self.is_young(request) for request in before)
        seen = dangers(draft, (), self.world.now()) if alone else None
        try:
            found = self.world.run(self.service.submit(draft, seen))
        except AlreadySubmitted:
            return
        except Died:
            self.die()
            return
        saved = draft.nonce in {request["nonce"] for request in self.requests()}
        assert saved == (not found or known), "saved, or the person is told why not"
        assert known or not (alone and under_way and saved), "another goes to the same place"
        if saved:
            self.taken.add(draft.nonce)

    def is_young(self, request: dict[str, str]) -> bool:
        """Asked for so shortly ago that the next one is told of it."""
        age = self.world.now() - RestoreRequest.model_validate_json(request["request"]).created_at
        return timedelta(0) <= age <= REPEATED_WITHIN

    # What happens to the bot

    @rule()
    def turn(self) -> None:
        try:
            self.world.run(self.settler.settle())
        except Died:
            self.die()
        self.check()

    @rule(fates=st.lists(st.sampled_from(sorted({*WRITE_FATES, *READ_FATES})), min_size=1, max_size=4))
    def turn_with_faults(self, fates: list[str]) -> None:
        self.ledger.fates = fates
        self.turn()
        self.ledger.fates = []

    @rule(moment=moments)
    def turn_and_die(self, moment: tuple[int, str]) -> None:
        self.world.connection.doomed = moment
        self.turn()
        self.world.connection.doomed = None

    @rule()
    def crash(self) -> None:
        self.die()

    # What time does

    @rule(seconds=st.sampled_from([1, 5, 30, 61, 300, 900]))
    def wait(self, seconds: float) -> None:
        self.world.passed += seconds
        self.ledger.arrive()

    @rule(seconds=st.sampled_from([-86400, -3600, -30, 30, 3600, 86400]))
    def set_clock(self, seconds: float) -> None:
        """What is under way arrives first: how long it has been is all the bot has to tell by."""
        self.ledger.settle_down()
        self.world.wrong_by += seconds

    # What must hold

    def check(self) -> None:
        requests = {request["client_token"]: request for request in self.requests()}
        assert self.ledger.sent.keys() <= requests.keys(), "promise 2: a call without a request"
        for token in self.ledger.sent:
            assert requests[token]["state"] != RequestState.SUBMITTED, "promise 2: a call nobody wrote down"
        for token, story in self.stories().items():
            assert story in self.possible, story
            open_end = token in self.ledger.made or any(token == each for _, each in self.ledger.on_the_way)
            denied = self.strict and DENIALS & set(story)
            assert not (denied and open_end), f"promise 6: {story}, and there is a task"
            assert "created" not in story or token in self.ledger.made, "promise 6: there is no task"

    def requests(self) -> list[dict[str, str]]:
        return self.world.rows("SELECT * FROM requests")

    def stories(self) -> dict[str, tuple[str, ...]]:
        told: dict[str, tuple[str, ...]] = {}
        for row in self.world.rows(
            "SELECT client_token, kind FROM outbox JOIN links USING (link_id) JOIN requests USING (nonce)"
            " ORDER BY sequence"
        ):
            told[row["client_token"]] = (*told.get(row["client_token"], ()), row["kind"])
        return told

    def come_to_rest(self) -> None:
        self.ledger.settle_down()
        for _ in range(40):
            self.turn()
            self.world.passed += PATIENCE
            if not any(request["open"] for request in self.requests()):
                return
        raise AssertionError("requests stay open for good")

    def check_the_end(self) -> None:
        requests = {request["nonce"]: request for request in self.requests()}
        assert self.taken <= requests.keys(), "promise 2: taken and forgotten"
        stories = self.stories()
        for draft in self.drafts:
            if draft.nonce not in requests:
                continue
            token = requests[draft.nonce]["client_token"]
            story, made = stories[token], self.ledger.made.get(token)
            if made is None:
                assert story[-1] in DENIALS, story
                continue
            assert "created" in story, f"promise 1: a task nobody was told of: {story}"
            assert made.started == draft.start or story[-1] == "start_refused"
        marks = [made.task.name for made in self.ledger.made.values()]
        assert len(marks) == len(set(marks)), "promise 1: two tasks for one request"


def _nobody() -> None:
    """The turns are taken by hand."""


def test_a_model_of_creation_holds_whatever_happens(quiet: None) -> None:
    run_state_machine_as_test(
        Creation,
        settings=BOUNDED,
    )
