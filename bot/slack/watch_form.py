"""The dialog that asks for the channel in which a restore is to be told of as well. Pure."""

from bot.slack.dialogs import dialog
from bot.slack.forms.elements import Values, input_block
from bot.slack.message import Block, Message, plain


class WatchForm:
    """Its task travels in the view, so that whoever submits it needs nothing else."""

    CALLBACK_ID = "watch_elsewhere"
    TITLE = "Watch in a channel"
    CHANNEL = "channel"

    @classmethod
    def build(cls, restore_task_id: str, name: str) -> Block:
        """`name` is that of the restore, as it stands in a sentence."""
        channels: Block = {
            "type": "conversations_select",
            "action_id": cls.CHANNEL,
            "placeholder": {"type": "plain_text", "text": "Choose a channel"},
            "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        }
        hint = "A card and its thread appear there. Its events so far are not told again."
        said = dialog(cls.TITLE, Message(text=f"Which channel is to follow {name} as well?"))
        return said | {
            "callback_id": cls.CALLBACK_ID,
            "private_metadata": restore_task_id,
            "submit": plain("Watch there"),
            "close": plain("Cancel"),
            "blocks": [*said["blocks"], input_block(cls.CHANNEL, "Channel", channels, hint=hint)],
        }

    @classmethod
    def read(cls, view: Block) -> tuple[str, str | None]:
        """The task, and the channel if one is chosen."""
        return view["private_metadata"], Values(view).conversation(cls.CHANNEL)
