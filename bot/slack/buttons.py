"""The buttons of a restore: their ids, and what their values mean.

The value is the id of the thread's link, `WATCH`'s that of a task nobody follows here yet. The menu of a card
holds some of them as options, whose values are `<button>:<link id>`. `EDIT` on messages of earlier versions
carries the nonce of a request.
"""

from bot.slack.forms.elements import button
from bot.slack.message import Block, plain

START = "start_restore"
GIVE_UP = "give_up_restore"
#: The form as that restore was: at its first step, or at its last.
EDIT = "edit_and_try_again"
AGAIN = "try_again"
EXPLAIN = "explain_failure"
PRECHECK = "show_precheck"
RECEIPT = "show_receipt"
RECEIPT_JSON = "show_receipt_json"
STATUS = "show_status"
CHECK_NOW = "check_now"
FOLLOW = "follow_restore"
UNFOLLOW = "unfollow_restore"
WATCH = "watch_task"
WATCH_ELSEWHERE = "watch_elsewhere"
UNWATCH = "unwatch_restore"
MENU = "restore_menu"

_MENU_TEXTS = {
    CHECK_NOW: "Check now",
    FOLLOW: "Tell me by direct message",
    WATCH_ELSEWHERE: "Watch in another channel too …",
    UNWATCH: "Stop watching here",
    RECEIPT: "Receipt",
    GIVE_UP: "Give up …",
}


def restore_button(action_id: str, text: str, link_id: int, *, style: str | None = None) -> Block:
    made = button(action_id, text, str(link_id))
    return made | ({"style": style} if style else {})


def menu(link_id: int, *actions: str) -> Block:
    """An overflow menu with some of the above."""
    options = [{"text": plain(_MENU_TEXTS[each]), "value": f"{each}:{link_id}"} for each in actions]
    return {"type": "overflow", "action_id": MENU, "options": options}


def pressed(action: Block) -> tuple[str, str]:
    """Which of them was pressed, or chosen in a menu, and its value."""
    if action["action_id"] != MENU:
        return action["action_id"], action.get("value") or ""
    action_id, _, link_id = action["selected_option"]["value"].partition(":")
    return action_id, link_id
