"""A model of creation: one submission, one task, whatever gets lost, comes late, dies or is mistimed."""

from datetime import timedelta

from cryptography.fernet import Fernet
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
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
from bot.restores.models import DEFAULT_ACCOUNT, RequestState, RestoreDraft
from bot.restores.passwords import Passwords
from bot.restores.service import RestoreService
from bot.restores.settling import Settler
from tests import values
from tests.crash.fragile import BOUNDED, Died, World
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


class Creation(RuleBasedStateMachine):
    """People submit and submit again; DBS answers or not; the bot takes turns, dies, and is started again."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
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
        known = Accounts([Account(DEFAULT_ACCOUNT, self.ledger, "cn-hangzhou")])
        catalog, credentials = Catalog(known), Credentials(None)
        now = self.world.now
        passwords = Passwords(self.store, key=self.key, now=now)
        self.settler = Settler(
            known,
            catalog,
            self.store,
            passwords,
            credentials,
            tell=lambda: None,
            follow=lambda: None,
            now=now,
        )
        self.service = RestoreService(
            catalog, self.store, passwords, credentials, tell=lambda: None, settle=lambda: None, now=now
        )
        self.ledger.arrive()

    def die(self) -> None:
        self.world.run(self.settler.loop.crew.cancel())
        self.ledger.fates.clear()
        self.start_bot()

    # What people do

    @precondition(lambda self: len(self.drafts) < MOST)
    @rule(start=st.booleans(), latest=st.booleans())
    def submit(self, *, start: bool, latest: bool) -> None:
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
        self.hand_in(draft)

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

    def hand_in(self, draft: RestoreDraft) -> None:
        try:
            self.world.run(self.service.submit(draft))
        except AlreadySubmitted:
            pass
        except Died:
            self.die()
        else:
            self.taken.add(draft.nonce)

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
            assert story in STORIES, story
            open_end = token in self.ledger.made or any(token == each for _, each in self.ledger.on_the_way)
            assert not (DENIALS & set(story) and open_end), f"promise 6: {story}, and there is a task"
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

    def teardown(self) -> None:
        """All is well again: everything that was taken comes to its end."""
        try:
            if hasattr(self, "settler"):
                self.come_to_rest()
                self.check_the_end()
        finally:
            self.world.close()

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


def test_a_model_of_creation_holds_whatever_happens(quiet: None) -> None:
    run_state_machine_as_test(
        Creation,
        settings=BOUNDED,
    )
