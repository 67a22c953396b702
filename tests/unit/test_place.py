"""Where something was pressed, and so where its answer belongs."""

from typing import Any

import pytest

from handlers.place import Place

WHO = {"user": {"id": "U1"}, "trigger_id": "t1"}
CHANNEL = {"channel": {"id": "C1"}, "response_url": "https://hooks.test/1"}


def button(message: dict[str, Any] | None, **container: Any) -> dict[str, Any]:
    told = {"container": {"type": "message", "message_ts": "2.0", "channel_id": "C1", **container}}
    return WHO | CHANNEL | told | ({"message": message} if message else {})


@pytest.mark.parametrize(
    ("body", "root_ts", "thread_ts"),
    [
        # A card without and with replies, and what stands below it.
        (button({"ts": "2.0"}), "2.0", None),
        (button({"ts": "2.0", "thread_ts": "2.0"}, thread_ts="2.0"), "2.0", None),
        (button({"ts": "2.0", "thread_ts": "1.0"}, thread_ts="1.0"), "1.0", "1.0"),
        # The same, also sent to the channel.
        (button({"ts": "2.0", "thread_ts": "1.0", "subtype": "thread_broadcast"}), "1.0", None),
        # What only the person sees has no message in the body.
        (button(None, is_ephemeral=True), None, None),
        (button(None, is_ephemeral=True, thread_ts="1.0"), "1.0", "1.0"),
        # Shortcuts have no container.
        (WHO | CHANNEL | {"message_ts": "2.0", "message": {"ts": "2.0"}}, "2.0", None),
        (WHO | CHANNEL | {"message_ts": "2.0", "message": {"ts": "2.0", "thread_ts": "1.0"}}, "1.0", "1.0"),
    ],
)
def test_a_message_is_answered_where_it_is_seen(
    body: dict[str, Any], root_ts: str | None, thread_ts: str | None
) -> None:
    place = Place.of(body)
    assert (place.channel_id, place.root_ts, place.thread_ts) == ("C1", root_ts, thread_ts)
    assert place.response_url == "https://hooks.test/1"


@pytest.mark.parametrize(("kind", "in_dialog"), [("home", False), ("modal", True)])
def test_a_view_has_no_channel(kind: str, *, in_dialog: bool) -> None:
    place = Place.of(WHO | {"container": {"type": "view", "view_id": "V1"}, "view": {"type": kind}})
    assert (place.channel_id, place.in_dialog, place.is_direct) == (None, in_dialog, False)


def test_a_conversation_with_the_bot_alone_is_told_by_its_id() -> None:
    assert Place.of(button({"ts": "2.0"}) | {"channel": {"id": "D1"}}).is_direct
