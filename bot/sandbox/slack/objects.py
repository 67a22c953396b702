"""Block Kit's composition objects: confirm dialogs, options, option groups, filters.

Limits as in docs.slack.dev/reference/block-kit/composition-objects.
"""

from bot.sandbox.slack.schema import (
    Check,
    Required,
    any_text,
    array,
    boolean,
    one_of,
    plain_text,
    shape,
    string,
    url,
)

CONFIRM = shape({
    "title": Required(plain_text(100)),
    "text": Required(any_text(300)),
    "confirm": Required(plain_text(30)),
    "deny": Required(plain_text(30)),
    "style": one_of("primary", "danger"),
})  # fmt: skip
DISPATCH = shape({"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 2)})
FILTER = shape({
    "include": array(one_of("im", "mpim", "private", "public"), 4),
    "exclude_external_shared_channels": boolean,
    "exclude_bot_users": boolean,
})  # fmt: skip


def _option(text: Check) -> Check:
    return shape({
        "text": Required(text),
        "value": Required(string(150)),
        "description": any_text(75),
    })  # fmt: skip


OPTION = _option(plain_text(75))
TICK = _option(any_text(75))
OVERFLOW_OPTION = shape({
    "text": Required(plain_text(75)),
    "value": Required(string(150)),
    "description": plain_text(75),
    "url": url,
})  # fmt: skip
GROUP = shape({"label": Required(plain_text(75)), "options": Required(array(OPTION, 100))})
