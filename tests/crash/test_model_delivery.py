"""A model of delivery: told once and in order, whatever gets lost, comes late, dies or is mistimed."""

import re
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.restores.models import Event, EventKind, PollResult, RestoreTask, Stage
from bot.slack.delivery import QUARANTINE, Delivery
from tests import values
from tests.crash.board import FATES, Board
from tests.crash.fragile import BOUNDED, Died, Machine

#: Longer than any pause of delivery.
PATIENCE = 330.0
#: Threads in one example, and percents one of them comes to.
MOST_THREADS, MOST = 3, 99
CHANNELS = ("C1", "C1", "C2")

moments = st.tuples(st.integers(0, 5), st.sampled_from(["before", "after"]))


class Deliveries(Machine):
    """Restores go on; Slack takes messages or not; the bot takes turns, dies, and is started again."""

    #: Nothing stands there twice or too early, not even until it is swept.
    strict = True

    def __init__(self) -> None:
        super().__init__()
        self.board = Board(self.world)
        #: By task id: what its thread told before people deleted its card.
        self.before: dict[str, list[dict[str, Any]]] = {}
        #: By task id: what its thread is to tell, in this order.
        self.decided: dict[str, list[int]] = {}

    @initialize()
    def start_bot(self) -> None:
        self.store = self.world.run(self.world.heir(quarantine=QUARANTINE))
        self.delivery = Delivery(self.board, self.store, now=self.world.now)
        self.board.arrive()

    def die(self) -> None:
        self.world.run(self.delivery.loop.crew.cancel())
        self.board.fates.clear()
        self.start_bot()

    # What there is to tell

    @precondition(lambda self: len(self.decided) < MOST_THREADS)
    @rule()
    def restore(self) -> None:
        number = len(self.decided)
        request = values.request(
            f"n{number}",
            spec=values.spec(task_name=f"task {number}"),
            channel_id=CHANNELS[number],
            created_at=self.world.now(),
            restore_task_id=f"s{number}",
        )
        self.world.run(self.store.add_request(request, wanted=lambda: True))
        self.world.run(self.store.save_request(request, self.world.now()))
        self.decided[f"s{number}"] = []

    @precondition(lambda self: self.decided)
    @rule(data=st.data(), events=st.integers(1, 3), moment=st.none() | moments)
    def go_on(self, data: st.DataObject, events: int, moment: tuple[int, str] | None) -> None:
        """The poller saw progress: snapshot and messages are decided together, or the look is repeated."""
        self.decide(data.draw(st.sampled_from(sorted(self.decided))), events, moment)

    def decide(self, task_id: str, events: int, moment: tuple[int, str] | None) -> None:
        told = self.decided[task_id]
        percents = [percent for percent in range(len(told) + 1, len(told) + events + 1) if percent <= MOST]
        if not percents:
            return
        task = RestoreTask(restore_task_id=task_id, status="running", stages={Stage.FULL_DATA: percents[-1]})
        look = PollResult(
            restore_task_id=task_id,
            task=task,
            events=tuple(Event(kind=EventKind.DATA_PROGRESS, percent=percent) for percent in percents),
            next_poll_at=self.world.now(),
        )
        self.world.connection.doomed = moment and (0, moment[1])
        try:
            self.world.run(self.store.save_polls([look], self.world.now()))
        except Died:
            self.die()
        self.world.connection.doomed = None
        saved = self.world.run(self.store.following(task_id))
        if saved is not None and saved.task == task:
            told += percents

    # What happens to the bot

    @rule()
    def turn(self) -> None:
        try:
            self.world.run(self.delivery.deliver())
        except Died:
            self.die()
        self.check()

    @rule(fates=st.lists(st.sampled_from(FATES), min_size=1, max_size=4))
    def turn_with_faults(self, fates: list[str]) -> None:
        self.board.fates = fates
        self.turn()
        self.board.fates = []

    @rule(moment=moments)
    def turn_and_die(self, moment: tuple[int, str]) -> None:
        self.world.connection.doomed = moment
        self.turn()
        self.world.connection.doomed = None

    @rule()
    def crash(self) -> None:
        self.die()

    # What people do in Slack

    @rule(channel=st.sampled_from(sorted(set(CHANNELS))))
    def send_out(self, channel: str) -> None:
        self.board.closed.add(channel)

    @precondition(lambda self: self.board.closed)
    @rule(data=st.data(), said=st.booleans())
    def let_in(self, data: st.DataObject, *, said: bool) -> None:
        """Whether Slack says so to the bot or not."""
        channel = data.draw(st.sampled_from(sorted(self.board.closed)))
        self.board.closed.remove(channel)
        if said:
            self.world.run(self.delivery.let_in(channel))

    @precondition(lambda self: self.decided.keys() - self.before.keys())
    @rule(data=st.data())
    def delete_card(self, data: st.DataObject) -> None:
        """It is posted anew once."""
        task_id = data.draw(st.sampled_from(sorted(self.decided.keys() - self.before.keys())))
        if thread := self.threads()[task_id]:
            self.before[task_id] = thread[1:]
            self.board.delete_card(thread[0]["ts"])

    # What time does

    @rule(seconds=st.sampled_from([1, 5, 12, 61, 330]))
    def wait(self, seconds: float) -> None:
        self.world.passed += seconds
        self.board.arrive()

    @rule(seconds=st.sampled_from([-86400, -3600, -30, 30, 3600, 86400]))
    def set_clock(self, seconds: float) -> None:
        """What is under way arrives first: how long it has been is all the bot has to tell by."""
        self.board.settle_down()
        self.world.wrong_by += seconds

    # What must hold

    def threads(self) -> dict[str, list[dict[str, Any]]]:
        """By task id: the card and what stands below it."""
        found = {}
        for task_id in self.decided:
            cards = [post for post in self.board.posts if is_card(post, task_id)]
            assert len(cards) <= 1 or not self.strict, f"promise 3: two cards for {task_id}"
            found[task_id] = self.board.thread(cards[0]["ts"]) if cards else []
        return found

    def told(self, task_id: str, thread: list[dict[str, Any]]) -> list[int]:
        """What may have been told below a card when that was deleted is told again below the next."""
        below = {event_id(post) for post in thread}
        before = [post for post in self.before.get(task_id, []) if event_id(post) not in below]
        return [percent for post in (*before, *thread[1:]) for percent in percents_in(post["text"])]

    def check(self) -> None:
        for task_id, thread in self.threads().items():
            told, decided = self.told(task_id, thread), self.decided[task_id]
            assert told == decided[: len(told)] or not self.strict, f"promise 3: told {told} of {decided}"

    def come_to_rest(self) -> None:
        self.board.settle_down()
        self.board.closed.clear()
        for task_id in self.before:
            # Nobody looks whether a card is there for its own sake.
            self.decide(task_id, 1, None)
        for _ in range(MOST):
            self.turn()
            self.world.passed += PATIENCE
            left = self.world.rows("SELECT * FROM outbox WHERE state NOT IN ('sent', 'folded') OR sweep_at")
            stale = self.world.rows("SELECT * FROM links WHERE card_shown < card_version")
            if not left and not stale:
                return
        raise AssertionError(f"never told: {left}, never shown: {stale}")

    def check_the_end(self) -> None:
        for task_id, thread in self.threads().items():
            told, decided = self.told(task_id, thread), self.decided[task_id]
            assert told == decided, f"promises 3 and 4: told {told} of {decided}"
            assert thread, f"promise 5: no card for {task_id}"
            assert sum(is_card(post, task_id) for post in self.board.posts) == 1, "promise 3: two cards"
            shown = str(thread[0]["blocks"])
            assert not decided or f" {decided[-1]} %" in shown, f"promise 5: {decided[-1]} % is not shown"


def is_card(post: dict[str, Any], task_id: str) -> bool:
    number = task_id.removeprefix("s")
    return post.get("thread_ts") is None and f"task {number}" in str(post.get("blocks"))


def event_id(post: dict[str, Any]) -> str:
    return str(post["metadata"]["event_payload"]["event_id"])


def percents_in(text: str) -> list[int]:
    return [int(percent) for percent in re.findall(r"(\d+) %", text)]


def test_a_model_of_delivery_holds_whatever_happens(quiet: None) -> None:
    run_state_machine_as_test(
        Deliveries,
        settings=BOUNDED,
    )
