"""Small dialogs beside the form: one that answers, one that waits, one that asks whether to give up. Pure."""

from bot.restores.models import Following
from bot.slack.glance import name
from bot.slack.message import Block, Message, plain, section
from bot.slack.mrkdwn import SECTION_LIMIT, code

#: Slack takes no more, nor a longer title.
_MOST_BLOCKS = 100
_TITLE_LIMIT = 24
_FENCE = "```"
#: What a fence adds to each piece of a text.
_ROOM = SECTION_LIMIT - 2 * len(_FENCE) - 2


def dialog(title: str, message: Message) -> Block:
    """A message where there is no thread to say it in."""
    blocks = list(message.blocks) or _pieces(message.text)
    return {
        "type": "modal",
        "title": plain(title[:_TITLE_LIMIT]),
        "close": plain("Close"),
        "blocks": blocks[:_MOST_BLOCKS],
    }


def waiting(title: str, sentence: str = "One moment …") -> Block:
    """What is there at once, before the answer is."""
    return dialog(title, Message(text=f":hourglass_flowing_sand: {sentence}"))


def _pieces(text: str) -> list[Block]:
    """A long text in as many blocks as it takes; what is set apart stays so."""
    fenced = text.startswith(_FENCE) and text.endswith(_FENCE)
    bare = text.removeprefix(_FENCE).removesuffix(_FENCE).strip("\n") if fenced else text
    pieces = [bare[start : start + _ROOM] for start in range(0, len(bare), _ROOM)] or [bare]
    return [section(f"{_FENCE}\n{piece}\n{_FENCE}" if fenced else piece) for piece in pieces]


class GiveUpForm:
    """Asks once more, and says what giving up is not."""

    CALLBACK_ID = "give_up"
    TITLE = "Give up?"

    @classmethod
    def build(cls, following: Following) -> Block:
        task = f" {code(following.link.restore_task_id)}" if following.link.restore_task_id else ""
        words = (
            f"Give up {name(following)}?\n\n"
            "*Nothing is stopped and nothing is deleted*: DBS has no call for that,"
            f" and keeps the task{task}. It is only said, in every thread of this restore, that nobody is"
            " going to go on with it, and the buttons for that go away.\n\n"
            "Whoever starts it in the DBS console all the same is followed here as before."
        )
        return dialog(cls.TITLE, Message(text=words)) | {
            "callback_id": cls.CALLBACK_ID,
            "private_metadata": str(following.link.link_id),
            "submit": plain("Give up"),
            "close": plain("Not now"),
        }

    @classmethod
    def link_id(cls, view: Block) -> int:
        return int(view["private_metadata"])
