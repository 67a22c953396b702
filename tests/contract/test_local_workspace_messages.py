"""chat.* of the local workspace, driven by Slack's own client."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace
from bot.sandbox.slack.scopes import EVERY_SCOPE
from tests.clocks import Now
from tests.contract.calls import refused

CHANNEL = "C0DBONCALL1"
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "*one*"}}


@pytest.fixture
def workspace(now: Now) -> LocalWorkspace:
    return LocalWorkspace(now=now, scopes=EVERY_SCOPE)


async def test_a_posted_message_is_signed_by_the_app_and_seen_in_the_channel(
    web: AsyncWebClient, workspace: LocalWorkspace
) -> None:
    answer = await web.chat_postMessage(channel="#db-oncall", text="hello")
    assert answer["channel"] == CHANNEL
    assert answer["ts"] == "1712345678.000000"
    [message] = workspace.messages("#db-oncall")
    assert message == answer["message"]
    assert message["bot_profile"]["name"] == "Restore Bot"
    assert message["user"] == "U0RESTORE01"


async def test_timestamps_are_unique_and_increase_while_time_stands_still(web: AsyncWebClient) -> None:
    stamps = [(await web.chat_postMessage(channel=CHANNEL, text=str(n)))["ts"] for n in range(3)]
    assert stamps == ["1712345678.000000", "1712345678.000001", "1712345678.000002"]


async def test_blocks_without_ids_get_them(web: AsyncWebClient) -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "Go"}}
    answer = await web.chat_postMessage(
        channel=CHANNEL, text="x", blocks=[{"type": "actions", "elements": [button]}]
    )
    [block] = answer["message"]["blocks"]
    assert len(block["block_id"]) == 5
    assert len(block["elements"][0]["action_id"]) == 5


async def test_blocks_may_come_as_json_text_in_a_form(web: AsyncWebClient, workspace: LocalWorkspace) -> None:
    form = {
        "channel": CHANNEL,
        "blocks": '[{"type":"divider"}]',
        "metadata": '{"event_type":"e","event_payload":{}}',
    }
    await web.api_call("chat.postMessage", data=form)
    [message] = workspace.messages("#db-oncall")
    assert message["blocks"][0]["type"] == "divider"
    assert message["metadata"] == {"event_type": "e", "event_payload": {}}


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C0NOWHERE01", "channel_not_found"),
        ("#nowhere", "channel_not_found"),
        ("#dba-private", "channel_not_found"),
        ("#random", "not_in_channel"),
        ("#old-oncall", "is_archived"),
    ],
)
async def test_a_message_needs_a_channel_the_app_can_write_in(
    web: AsyncWebClient, channel: str, error: str
) -> None:
    assert (await refused(web.chat_postMessage(channel=channel, text="x")))["error"] == error


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"text": "x", "blocks": [{"type": "divider"}] * 51}, "msg_blocks_too_many"),
        ({"text": "x", "blocks": [{"type": "nonsense"}]}, "invalid_blocks"),
        ({"text": "x", "blocks": "not json"}, "invalid_blocks_format"),
        ({"text": "x", "blocks": '{"type": "divider"}'}, "invalid_blocks_format"),
        (
            {
                "text": "x",
                "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}] * 5,
            },
            "msg_blocks_too_long",
        ),
        ({"text": "x", "attachments": [{"blocks": [{"type": "nonsense"}]}]}, "invalid_attachments"),
        ({"text": "x", "attachments": [{"text": "y"}] * 101}, "too_many_attachments"),
        ({"text": "x", "metadata": {"event_type": "e"}}, "invalid_metadata_format"),
        ({"text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
    ],
)
async def test_a_message_that_cannot_be_shown_is_refused(
    web: AsyncWebClient, workspace: LocalWorkspace, arguments: dict[str, Any], error: str
) -> None:
    assert (await refused(web.chat_postMessage(channel=CHANNEL, **arguments)))["error"] == error
    assert workspace.messages("#db-oncall") == []
    assert workspace.journal[-1].error == error


async def test_a_message_needs_something_to_show(web: AsyncWebClient) -> None:
    # Not by chat_postMessage: the client itself warns about a message without text.
    nothing = {"channel": CHANNEL, "text": "", "blocks": [], "attachments": []}
    assert (await refused(web.api_call("chat.postMessage", json=nothing)))["error"] == "no_text"


async def test_invalid_blocks_say_where(web: AsyncWebClient) -> None:
    answer = await refused(
        web.chat_postMessage(channel=CHANNEL, text="x", blocks=[SECTION, {"type": "header"}])
    )
    assert answer["errors"] == ["missing required field: text [json-pointer:/blocks/1]"]
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] missing required field: text [json-pointer:/blocks/1]"
    ]


async def test_text_is_cut_at_forty_thousand_characters(web: AsyncWebClient) -> None:
    answer = await web.chat_postMessage(channel=CHANNEL, text="x" * 40_001)
    assert len(answer["message"]["text"]) == 40_000


async def test_a_message_to_a_person_opens_their_direct_conversation(
    web: AsyncWebClient, workspace: LocalWorkspace
) -> None:
    alice = workspace.person("alice")
    answer = await web.chat_postMessage(channel=alice.id, text="psst")
    opened = await web.conversations_open(users=[alice.id])
    assert answer["channel"] == opened["channel"]["id"]
    assert answer["channel"].startswith("D")


async def test_an_update_with_text_alone_removes_the_blocks_and_shows_as_edited(
    web: AsyncWebClient,
) -> None:
    ts = (await web.chat_postMessage(channel=CHANNEL, text="old", blocks=[SECTION]))["ts"]
    updated = (await web.chat_update(channel=CHANNEL, ts=ts, text="new"))["message"]
    assert "blocks" not in updated
    assert updated["edited"]["user"] == "U0RESTORE01"


async def test_an_update_with_blocks_does_not_show_as_edited_and_keeps_attachments_and_metadata(
    web: AsyncWebClient,
) -> None:
    metadata = {"event_type": "e", "event_payload": {"id": "1"}}
    posted = await web.chat_postMessage(
        channel=CHANNEL,
        text="old",
        attachments=[{"color": "#00ff00", "blocks": [SECTION]}],
        metadata=metadata,
    )
    updated = await web.chat_update(channel=CHANNEL, ts=posted["ts"], text="new", blocks=[SECTION])
    assert "edited" not in updated["message"]
    assert updated["message"]["metadata"] == metadata
    assert updated["message"]["attachments"] == posted["message"]["attachments"]
    removed = await web.chat_update(channel=CHANNEL, ts=posted["ts"], text="x", attachments=[], metadata={})
    assert not {"attachments", "metadata"} & removed["message"].keys()


async def test_an_update_is_refused_for_what_is_not_there_not_ours_or_too_long(
    web: AsyncWebClient, workspace: LocalWorkspace
) -> None:
    await workspace.person("alice").say("#db-oncall", "mine")
    [hers] = workspace.messages("#db-oncall")
    ours = await web.chat_postMessage(channel=CHANNEL, text="ours")
    missing = await refused(web.chat_update(channel=CHANNEL, ts="1.000001", text="x"))
    foreign = await refused(web.chat_update(channel=CHANNEL, ts=hers["ts"], text="x"))
    long = await refused(web.chat_update(channel=CHANNEL, ts=ours["ts"], text="x" * 4001))
    named = await refused(web.chat_update(channel="#db-oncall", ts=ours["ts"], text="x"))
    empty = await refused(web.api_call("chat.update", json={"channel": CHANNEL, "ts": ours["ts"]}))
    errors = [answer["error"] for answer in (missing, foreign, long, named, empty)]
    assert errors == [
        "message_not_found",
        "cant_update_message",
        "msg_too_long",
        "channel_not_found",
        "no_text",
    ]
    assert workspace.messages("#db-oncall")[1] == ours["message"]


async def test_replies_are_counted_on_the_root(web: AsyncWebClient, workspace: LocalWorkspace) -> None:
    root = (await web.chat_postMessage(channel=CHANNEL, text="root"))["ts"]
    await workspace.person("alice").say("#db-oncall", "first", thread_ts=root)
    second = await web.chat_postMessage(channel=CHANNEL, text="second", thread_ts=root)
    [message] = workspace.messages("#db-oncall")
    assert message["reply_count"] == 2
    assert message["reply_users"] == ["U0ALICECHEN", "U0RESTORE01"]
    assert message["latest_reply"] == second["ts"]
    assert [each["text"] for each in workspace.thread("#db-oncall", root)] == ["root", "first", "second"]


async def test_a_reply_to_a_reply_joins_the_thread(web: AsyncWebClient, workspace: LocalWorkspace) -> None:
    root = (await web.chat_postMessage(channel=CHANNEL, text="root"))["ts"]
    reply = (await web.chat_postMessage(channel=CHANNEL, text="a", thread_ts=root))["ts"]
    nested = await web.chat_postMessage(channel=CHANNEL, text="b", thread_ts=reply)
    assert nested["message"]["thread_ts"] == root
    assert len(workspace.thread("#db-oncall", root)) == 3


async def test_a_broadcast_reply_shows_in_the_channel_too(
    web: AsyncWebClient, workspace: LocalWorkspace
) -> None:
    root = (await web.chat_postMessage(channel=CHANNEL, text="root"))["ts"]
    await web.chat_postMessage(channel=CHANNEL, text="loud", thread_ts=root, reply_broadcast=True)
    texts = [(each["text"], each.get("subtype")) for each in workspace.messages("#db-oncall")]
    assert texts == [("root", None), ("loud", "thread_broadcast")]
    loud = workspace.messages("#db-oncall")[-1]
    assert (loud["root"]["ts"], loud["root"]["text"], loud["root"]["reply_count"]) == (root, "root", 1)
    listed = (await web.conversations_replies(channel=CHANNEL, ts=root))["messages"]
    assert [each.get("root", {}).get("text") for each in listed] == [None, "root"]


async def test_a_deleted_root_leaves_a_tombstone_until_its_last_reply_goes(
    web: AsyncWebClient, workspace: LocalWorkspace
) -> None:
    root = (await web.chat_postMessage(channel=CHANNEL, text="root"))["ts"]
    reply = (await web.chat_postMessage(channel=CHANNEL, text="a", thread_ts=root))["ts"]
    await web.chat_delete(channel=CHANNEL, ts=root)
    assert workspace.messages("#db-oncall")[0]["subtype"] == "tombstone"
    again = await refused(web.chat_delete(channel=CHANNEL, ts=root))
    assert again["error"] == "message_not_found"
    await web.chat_delete(channel=CHANNEL, ts=reply)
    assert workspace.messages("#db-oncall") == []


async def test_someone_elses_message_cannot_be_deleted(
    web: AsyncWebClient, workspace: LocalWorkspace
) -> None:
    await workspace.person("alice").say("#db-oncall", "mine")
    ts = workspace.messages("#db-oncall")[0]["ts"]
    assert (await refused(web.chat_delete(channel=CHANNEL, ts=ts)))["error"] == "cant_delete_message"


async def test_an_ephemeral_message_is_for_one_member_only(
    web: AsyncWebClient, workspace: LocalWorkspace
) -> None:
    alice, ben, mara = (workspace.person(name) for name in ("alice", "ben", "mara"))
    await web.chat_postEphemeral(channel=CHANNEL, user=alice.id, text="only you")
    assert [each["text"] for each in alice.ephemerals("#db-oncall")] == ["only you"]
    assert ben.ephemerals("#db-oncall") == workspace.messages("#db-oncall") == []
    outside = await refused(web.chat_postEphemeral(channel=CHANNEL, user=mara.id, text="x"))
    assert outside["error"] == "user_not_in_channel"


async def test_a_permalink_names_channel_message_and_thread(web: AsyncWebClient) -> None:
    root = (await web.chat_postMessage(channel=CHANNEL, text="root"))["ts"]
    reply = (await web.chat_postMessage(channel=CHANNEL, text="a", thread_ts=root))["ts"]
    link = (await web.chat_getPermalink(channel=CHANNEL, message_ts=reply))["permalink"]
    assert link.endswith(f"/archives/{CHANNEL}/p1712345678000001?thread_ts={root}&cid={CHANNEL}")
    assert (await refused(web.chat_getPermalink(channel=CHANNEL, message_ts="1.0")))["error"] == (
        "message_not_found"
    )


async def test_what_a_person_types_is_escaped(workspace: LocalWorkspace) -> None:
    await workspace.person("alice").say("#db-oncall", "a < b & <!channel>")
    assert workspace.messages("#db-oncall")[0]["text"] == "a &lt; b &amp; &lt;!channel&gt;"
