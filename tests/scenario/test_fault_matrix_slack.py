"""The fault matrix where Slack fails, or something is done to the channel: delivery, and what goes on."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.scenario.fault_matrix import ANY_FAULT, BEGUN, BY_HAND, ENDED, HALF, NEVER_CALLED, SLACK, Row
from tests.scenario.stage import CHANNEL, Stage
from tests.scenario.trial import CHANNEL_ID, TO_END, TO_HALF, TO_RUN, Trial, begin, kinds_in, trial

any_fault = pytest.mark.parametrize("kind", ANY_FAULT)


@pytest.fixture
async def tried(stage: Stage, no_waiting: None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Trial]:
    async with trial(stage, monkeypatch) as made:
        yield made
    assert not {call.name for call in stage.workspace.journal} & NEVER_CALLED


def assert_whole(tried: Trial, *told: str, card: str) -> None:
    """The thread is complete and in order, nothing is there twice, the card is current."""
    assert tried.told() == told
    assert not tried.posted_twice()
    assert tried.cards() == 1
    assert card in tried.card


# By kind


@pytest.mark.parametrize("row", SLACK, ids=str)
async def test_delivery_and_all_else_while_slack_fails(tried: Trial, row: Row) -> None:
    """The task is created, started and followed meanwhile; its thread tells it afterwards."""
    await tried.order("slack", kind=row.name, **row.order)
    await tried.submit()
    await tried.create()
    await tried.deliver(times=1)
    await tried.poll(TO_RUN)
    await tried.deliver(times=1)
    (task,) = tried.stage.dbs.tasks
    assert task.started_ms is not None
    assert tried.told() == row.delivery.during
    posted = tried.calls("chat.postMessage")
    await tried.clear()
    await tried.deliver(times=6)
    assert row.delivery.during + row.delivery.after == BEGUN
    assert_whole(tried, *BEGUN, card="*Running*")
    below = bool(row.delivery.after) * tried.messages_below()
    assert tried.calls("chat.postMessage") - posted == row.delivery.sent + below
    await tried.poll(TO_HALF + TO_END)
    await tried.deliver()
    assert tried.told()[-1] == "finished"
    assert "*Finished*" in tried.card


# By call


@any_fault
async def test_a_card_that_cannot_be_edited_is_current_later(tried: Trial, kind: str) -> None:
    await begin(tried)
    await tried.order("slack", kind=kind, target="chat.update")
    await tried.poll(TO_HALF + TO_END)
    await tried.deliver()
    assert tried.told()[-1] == "finished"
    await tried.clear()
    await tried.deliver()
    assert_whole(tried, *BEGUN, "structure", *ENDED, card="*Finished*")


@any_fault
@pytest.mark.parametrize("arrived", [True, False], ids=["posted", "not posted"])
async def test_a_card_in_doubt_waits_until_it_could_be_looked_for(
    tried: Trial, kind: str, *, arrived: bool
) -> None:
    doubt = "close_after" if arrived else "close_before"
    await tried.order("slack", kind=doubt, target="chat.postMessage", times=1)
    await tried.order("slack", kind=kind, target="conversations.history")
    await tried.submit()
    await tried.create()
    await tried.poll(TO_RUN)
    await tried.deliver(times=3)
    assert tried.calls("conversations.history") > 0
    assert tried.cards() == arrived
    assert tried.told() == ()
    await tried.clear()
    await tried.deliver(times=7)
    assert_whole(tried, *BEGUN, card="*Running*")


@any_fault
@pytest.mark.parametrize("arrived", [True, False], ids=["posted", "not posted"])
async def test_a_message_in_doubt_waits_until_it_could_be_looked_for(
    tried: Trial, kind: str, *, arrived: bool
) -> None:
    await begin(tried)
    doubt = "close_after" if arrived else "close_before"
    await tried.order("slack", kind=doubt, target="chat.postMessage", times=1)
    await tried.order("slack", kind=kind, target="conversations.replies")
    await tried.poll(TO_HALF)
    await tried.deliver(times=3)
    assert tried.calls("conversations.replies") > 0
    assert tried.told() == (BEGUN + HALF[:1] if arrived else BEGUN)
    await tried.clear()
    await tried.deliver(times=7)
    assert_whole(tried, *BEGUN, *HALF, card="*Running*")


@any_fault
async def test_what_stands_twice_and_cannot_be_deleted_is_deleted_later(tried: Trial, kind: str) -> None:
    """A message that was posted anew after a doubt, and arrives late after all."""
    await begin(tried)
    await tried.order("slack", kind="close_before", target="chat.postMessage", times=1)
    await tried.poll(TO_RUN)
    await tried.deliver(times=2)
    await again(tried, tried.stage.thread()[-1])
    assert tried.posted_twice()
    await tried.order("slack", kind=kind, target="chat.delete", times=1)
    await tried.deliver(times=5)
    assert tried.calls("chat.delete") == 1
    await tried.deliver(times=5)
    assert not tried.posted_twice()


async def again(tried: Trial, message: dict[str, Any]) -> None:
    """The bot's own call for this message, once more."""
    slack = AsyncWebClient(token="xoxb-sandbox", base_url=tried.stage.settings.slack_api_url)
    await slack.chat_postMessage(
        channel=CHANNEL_ID,
        thread_ts=message["thread_ts"],
        text=message["text"],
        metadata=message["metadata"],
    )


# By hand


@pytest.mark.parametrize("name", ["channel archived", "bot removed from the channel"])
async def test_a_channel_that_is_closed_to_the_bot(tried: Trial, name: str) -> None:
    row = BY_HAND[name]
    await tried.submit()
    await tried.order("slack", row.name, channel=CHANNEL, **row.order)
    await tried.create()
    await tried.poll(TO_RUN)
    await tried.deliver()
    assert tried.told() == ()
    assert tried.direct_messages() == 1
    (task,) = tried.stage.dbs.tasks
    assert task.started_ms is not None
    undone = {each: not done for each, done in row.order.items()}
    await tried.order("slack", row.name, channel=CHANNEL, **undone)
    await tried.let_in()
    await tried.deliver()
    assert_whole(tried, *row.delivery.after, card="*Running*")
    assert tried.direct_messages() == 1


async def test_a_card_that_is_deleted(tried: Trial) -> None:
    """What was posted before anybody noticed stands below the deleted one."""
    row = BY_HAND["card deleted"]
    begun = await begin(tried)
    card = tried.stage.thread()[0]["ts"]
    await tried.order("slack", row.name, channel=CHANNEL, ts=card)
    await tried.poll(TO_HALF)
    await tried.deliver()
    below = " ".join(each["text"] for each in tried.stage.workspace.thread(CHANNEL, card))
    assert kinds_in(below) == [*begun, *HALF]
    await tried.poll(TO_END)
    await tried.deliver()
    assert_whole(tried, *row.delivery.after, card="*Finished*")
