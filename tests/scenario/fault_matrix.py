"""The fault matrix: every fault of the local services, and what creation, polling and delivery make of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: What a thread tells of a restore without faults: until it runs, until half of it is done, to the end.
BEGUN = ("created", "prechecked", "started")
HALF = ("structure", "quarter")
ENDED = ("data", "indexes", "logs", "finished")
#: What the person sees: the form, or a sentence that nobody else sees.
FORM, SENTENCE = "form", "sentence"


@dataclass(frozen=True)
class Cell:
    """What becomes of one part of the bot's work.

    `during` is what the thread is told, or the person shown, while the fault lasts; `after` is what follows
    when it is over. `sent`: how often the write, to create or to post, arrives then, for what was struck.
    """

    words: str
    during: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    sent: int = 0


@dataclass(frozen=True)
class Row:
    """One fault: a kind, and what it is ordered with beside that, or a call, or what is done by hand.

    `strikes` is when polling meets it: at half of the restore, at its end, or from its creation on.
    """

    name: str
    creation: Cell
    polling: Cell
    delivery: Cell
    order: Mapping[str, Any] = field(default_factory=dict)
    strikes: str = "half"

    def __str__(self) -> str:
        return " ".join([self.name, *map(str, self.order.values())])


NO_DBS = Cell("does not call DBS")
NO_SLACK = Cell("does not call Slack: goes on, and is told later")
NOT_THERE = Cell("does not make this call")
NOT_SO = Cell("nothing comes this way")

# DBS, by kind of fault: creation is struck at its call, polling at its list

AS_EVER = Cell("as ever", during=("created",))
POLLED_AS_EVER = Cell("as ever", during=HALF)
NOT_DONE = Cell(
    "called unknown; looked for, not there: sent again under the same token",
    ("unsettled",),
    ("created",),
    sent=1,
)
DONE = Cell("called unknown; found by its name, not sent again", ("unsettled",), ("created",))
UNHEARD = Cell(
    "asked less often; after three minutes the thread is told once, and once when DBS is back",
    ("silent",),
    ("back", *HALF),
)
UNLISTED = Cell("said to be unlisted, never to have failed", ("unreported",), ("listed again", *HALF))
SUCCEEDED = Cell("told as the success it is", ("structure", *ENDED))

DBS = (
    Row("status", NOT_DONE, UNHEARD, NO_DBS),
    Row("error", NOT_DONE, UNHEARD, NO_DBS),
    Row("hang", NOT_DONE, UNHEARD, NO_DBS),
    Row("close_before", NOT_DONE, UNHEARD, NO_DBS),
    Row("close_after", DONE, UNHEARD, NO_DBS),
    Row("cut_json", DONE, UNHEARD, NO_DBS),
    Row("garbled_json", DONE, UNHEARD, NO_DBS),
    Row("html", DONE, UNHEARD, NO_DBS),
    Row("xml", DONE, UNHEARD, NO_DBS),
    Row(
        "throttle",
        Cell("certainly not done: sent again later, under the same token", (), ("created",), sent=1),
        UNHEARD,
        NO_DBS,
        {"retry_after": 1},
    ),
    Row("clock_skew", Cell("refused, in words that name the clock; no task", ("refused",)), UNHEARD, NO_DBS),
    Row("missing_task_id", DONE, UNLISTED, NO_DBS),
    Row("null_field", DONE, UNLISTED, NO_DBS, {"field": "RestoreTaskId"}),
    Row(
        "foreign_task_id",
        Cell("not believed: the task is found by its name", ("created",)),
        UNLISTED,
        NO_DBS,
    ),
    Row("delay", AS_EVER, POLLED_AS_EVER, NO_DBS, {"seconds": 0.02}),
    Row("error_beside_success", AS_EVER, POLLED_AS_EVER, NO_DBS),
    Row("precheck_after_start", AS_EVER, POLLED_AS_EVER, NO_DBS, strikes="always"),
    Row(
        "precheck_silent",
        AS_EVER,
        Cell("no word of a precheck that DBS does not tell of", HALF),
        NO_DBS,
        strikes="always",
    ),
    Row(
        "odd_status",
        AS_EVER,
        Cell("shown and told as DBS wrote it; goes on", (*HALF, "other status")),
        NO_DBS,
    ),
    Row("success_as", AS_EVER, SUCCEEDED, NO_DBS, strikes="end"),
    Row("finish_time_only", AS_EVER, SUCCEEDED, NO_DBS, strikes="end"),
)

# DBS, by call: whatever its fault

IN_THE_FORM = Cell("the form says what is not known and why, and asks again on request")
IN_A_LIST = Cell("the list says so in place of its entries, and is asked again as the person types")
DBS_CALLS = (
    Row(
        "StartRestoreTask",
        Cell("ordered again under its own token; starts once", (), ("created",)),
        NOT_THERE,
        NO_DBS,
    ),
    Row(
        "DescribeRestoreTaskList",
        Cell("a look-up that fails decides nothing: looked again", ("unsettled",), ("created",)),
        Cell("as the kind of fault says above"),
        NO_DBS,
    ),
    Row(
        "DescribePreCheckProgressList",
        NOT_THERE,
        Cell("the rest goes on; a precheck is told of when DBS speaks of it", ("created", "started")),
        NO_DBS,
    ),
    Row(
        "DescribeJobErrorCode",
        NOT_THERE,
        Cell("the failure is told at once, in DBS's own text", after=("failed",)),
        NO_DBS,
    ),
    Row("DescribeBackupPlanList", IN_THE_FORM, NOT_THERE, NO_DBS),
    Row("DescribeRestoreRangeInfo", IN_THE_FORM, NOT_THERE, NO_DBS),
    Row("DescribeFullBackupList", IN_A_LIST, NOT_THERE, NO_DBS),
    Row("DescribeRegions", IN_A_LIST, NOT_THERE, NO_DBS),
    Row("DescribeBackupGatewayList", IN_A_LIST, NOT_THERE, NO_DBS),
)
#: Its faults are the rows by kind.
WRITE_OF_DBS = "CreateRestoreTask"
NEVER_ASKED = frozenset({"DescribeIncrementBackupList"})

# Slack, by kind of fault: creation is struck where the form opens, delivery everywhere

UNOPENED = Cell("no form; the person alone is told, and the next try opens it", (SENTENCE,), (FORM,))
OPENED = Cell("the form opens, beside a sentence that something went wrong", (FORM, SENTENCE))
IN_DOUBT = Cell("in doubt: waited for, looked for, not there: posted once", after=BEGUN, sent=1)
POSTED = Cell("in doubt: waited for, looked for, found: not posted again", after=BEGUN)
LATER = Cell("certainly not posted: tried again later, posted once", after=BEGUN, sent=1)

SLACK = (
    Row("status", UNOPENED, NO_SLACK, IN_DOUBT),
    Row("error", UNOPENED, NO_SLACK, IN_DOUBT),
    Row("hang", UNOPENED, NO_SLACK, IN_DOUBT),
    Row("close_before", UNOPENED, NO_SLACK, IN_DOUBT),
    Row("close_after", OPENED, NO_SLACK, POSTED),
    Row("cut_json", OPENED, NO_SLACK, POSTED),
    Row("garbled_json", OPENED, NO_SLACK, POSTED),
    Row("html", OPENED, NO_SLACK, POSTED),
    Row("xml", OPENED, NO_SLACK, POSTED),
    Row(
        "throttle",
        UNOPENED,
        NO_SLACK,
        Cell("waits as long as Slack says, then posted once", after=BEGUN, sent=1),
        {"retry_after": 1},
    ),
    Row("error", UNOPENED, NO_SLACK, LATER, {"code": "invalid_auth"}),
    Row("delay", Cell("as ever", (FORM,)), NO_SLACK, Cell("as ever", during=BEGUN), {"seconds": 0.02}),
)

# Slack, by call: whatever its fault

ON_THE_WAY_IN = Cell("the form opens without what it was to say, and works", (FORM,))
SLACK_CALLS = (
    Row(
        "views.update",
        Cell("the form stays as it was; submitting it brings it up to date, and nothing is lost"),
        NO_SLACK,
        NOT_THERE,
    ),
    Row("conversations.info", ON_THE_WAY_IN, NO_SLACK, NOT_THERE),
    Row("conversations.join", ON_THE_WAY_IN, NO_SLACK, NOT_THERE),
    Row("users.info", ON_THE_WAY_IN, NO_SLACK, NOT_THERE),
    Row(
        "response_url",
        Cell("the answer to that person may be missing, or there twice; typed again, it comes"),
        NO_SLACK,
        NOT_THERE,
    ),
    Row(
        "auth.test",
        Cell(
            "asked again until Slack answers; what a person did meanwhile failed, as they are told, and works"
            " at the next try"
        ),
        NO_SLACK,
        NOT_THERE,
    ),
    Row("apps.connections.open", Cell("asked again until Slack answers"), NO_SLACK, NOT_THERE),
    Row("chat.update", NOT_THERE, NO_SLACK, Cell("the card is edited again until it is current")),
    Row(
        "conversations.history",
        NOT_THERE,
        NO_SLACK,
        Cell("a card in doubt waits until it could be looked for; posted once", after=BEGUN),
    ),
    Row(
        "conversations.replies",
        NOT_THERE,
        NO_SLACK,
        Cell("a message in doubt waits until it could be looked for; posted once", after=BEGUN),
    ),
    Row("conversations.open", Cell("whoever wants direct messages is told why not"), NO_SLACK, NOT_THERE),
    Row("views.publish", NOT_THERE, NO_SLACK, Cell("App Home is published a minute later")),
    Row("chat.delete", NOT_THERE, NO_SLACK, Cell("what stands twice is deleted a minute later")),
)
#: Their faults are the rows by kind.
WRITES_OF_SLACK = frozenset({"views.open", "chat.postMessage"})
NEVER_CALLED = frozenset({
    "api.test", "blocks.validate", "bots.info", "chat.getPermalink", "chat.postEphemeral",
    "conversations.list", "conversations.members", "reactions.add",
    "reactions.remove", "usergroups.list", "usergroups.users.list", "users.conversations", "users.list",
    "views.push",
})  # fmt: skip

# On the way from Slack: kinds by what they strike

ONCE = Cell("taken once: one form, one request, one task")
ASKED_TWICE = Cell("answered twice, which changes nothing")
MISSED = Cell("Slack tells the person that the bot did not answer; the next try works")
COMES_AGAIN = Cell("what was parked goes on when Slack sends the event again, or after five minutes")
TWICE, DEAF = "duplicate_envelope", "deaf_socket"
#: What is struck by every one of its kinds that a bot can tell apart.
ANY_FAULT = ("status", "hang", "close_after", "cut_json", "throttle")
ENVELOPES: Mapping[str, tuple[Row, ...]] = {
    TWICE: (
        *(
            Row(target, ONCE, NOT_SO, NOT_SO)
            for target in (
                "slash_commands",
                "interactive",
                "shortcut",
                "message_action",
                "block_actions",
                "view_submission",
            )
        ),
        Row("block_suggestion", ASKED_TWICE, NOT_SO, NOT_SO),
        Row("view_closed", ASKED_TWICE, NOT_SO, NOT_SO),
        Row("events_api", NOT_SO, NOT_SO, Cell("what was parked goes on once")),
    ),
    DEAF: (
        *(
            Row(target, MISSED, NOT_SO, NOT_SO)
            for target in (
                "slash_commands",
                "interactive",
                "shortcut",
                "message_action",
                "block_actions",
                "block_suggestion",
                "view_submission",
            )
        ),
        Row("view_closed", Cell("the step below is as it was before; the form works"), NOT_SO, NOT_SO),
        Row("events_api", NOT_SO, NOT_SO, COMES_AGAIN),
    ),
}

# By hand, at the addresses of the control API

PARKED = "parked, the person told once by direct message; complete when"
BY_HAND: Mapping[str, Row] = {
    "channel archived": Row(
        "channel", NO_SLACK, NO_SLACK, Cell(f"{PARKED} it is back", after=BEGUN), {"archived": True}
    ),
    "bot removed from the channel": Row(
        "channel", NO_SLACK, NO_SLACK, Cell(f"{PARKED} it is let in", after=BEGUN), {"bot": False}
    ),
    "card deleted": Row(
        "message",
        NO_SLACK,
        NO_SLACK,
        Cell("posted anew once, and what follows stands below it", after=ENDED),
    ),
    "sockets sent away": Row(
        "disconnect", Cell("connected anew; the next try works", (), (FORM,)), NO_SLACK, NOT_SO
    ),
}
#: Beside the table: `/control/bot` is what tests/crash does at every point; the others break nothing.
ELSEWHERE = frozenset({"/control/bot", "/control/dbs/time", "/control/slack/time", "/control/slack/rates"})
