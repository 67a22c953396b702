"""Block Kit as data: what Slack takes, where, how long and how many. To be read from the top.

Kind("places", fields, rules) is a row: where objects of this `type` may stand (an element in which blocks, a
block on which surfaces), what they hold, and which `rules` bind their fields together. An element that is not
for every surface names its `surfaces`; one that keeps a value names by its `state` the value's key and the
field it starts from. Shape(fields, rules) is an object without `type`.

    Required(x)              must be there; other fields may be left out, and a field not named is refused
    string(n)                1 to n characters; string(n, 0) may be empty
    plain(n), mrkdwn(n)      a text object of that type with 1 to n characters; text(n) is either of the two
    url(n), date, time, number    strings that are what they say
    integer(a, b)            from a to b
    array(x, n)              1 to n items, each an x; array(x, n, 0) may be empty
    one_kind(TABLE, place)   an object whose `type` is a row of that table that may stand in that place
    not_emulated             Slack takes it; it is refused here, because the page could not honour it

The numbers are from docs.slack.dev/reference/block-kit, …/reference/views and Slack's own clients; where
these name none they are "ours". What a message may hold in all stands in `bot.sandbox.slack.content`.
"""

from bot.sandbox.slack.block_kit import rules
from bot.sandbox.slack.block_kit.schema import (
    NOT_EMULATED,
    Fields,
    Kind,
    Kinds,
    Required,
    Shape,
    State,
    anything,
    array,
    boolean,
    date,
    integer,
    mrkdwn,
    not_emulated,
    number,
    one_kind,
    one_of,
    plain,
    string,
    text,
    time,
    url,
)

# A table is read by its columns.
# fmt: off

# ---- Composition objects
STYLE = one_of("primary", "danger")
CONFIRM = Shape({
    "title":       Required(plain(100)),
    "text":        Required(text(300)),
    "confirm":     Required(plain(30)),
    "deny":        Required(plain(30)),
    "style":       STYLE,
})
OPTION = Shape({"text": Required(plain(75)), "value": Required(string(150)), "description": plain(75)})
TICK = Shape({"text": Required(text(75)), "value": Required(string(150)), "description": text(75)})
OVERFLOW_OPTION = Shape(OPTION.fields | {"url": url(3000)})
OPTION_GROUP = Shape({"label": Required(plain(75)), "options": Required(array(OPTION, 100))})
ONE_LIST = rules.exactly_one("options", "option_groups")
SUGGESTIONS = Shape({                        # the answer to an external select: no match is no mistake
    "options":       array(OPTION, 100, 0),
    "option_groups": array(OPTION_GROUP, 100, 0),
}, (ONE_LIST,))
DISPATCH = Shape({"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 2)})
FILTER = Shape({
    "include":     array(one_of("im", "mpim", "private", "public"), 4),
    "exclude_external_shared_channels": boolean, "exclude_bot_users": boolean,
}, (rules.at_least_one("include", "exclude_external_shared_channels", "exclude_bot_users"),))
SLACK_FILE = Shape({"id": string(255), "url": url(3000)}, (rules.exactly_one("id", "url"),))  # lengths: ours
PICTURE: Fields = {
    "type":        anything,
    "image_url":   url(3000),
    "slack_file":  SLACK_FILE,
    "alt_text":    Required(string(2000)),
}
ONE_SOURCE = rules.exactly_one("image_url", "slack_file")

# ---- Rich text: what runs in its lines, and the parts made of lines (all lengths and counts are ours)
FONT = Shape(dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight",
                            "unlink"), boolean))
RUN: Fields = {"type": anything, "style": FONT}
PROSE = "rich_text_section rich_text_quote"
ALSO_CODE = f"{PROSE} rich_text_preformatted"

RUNS: Kinds = {
    "text":      Kind(ALSO_CODE, RUN | {"text": Required(string(12_000, 0))}),
    "link":      Kind(ALSO_CODE, RUN | {"url": Required(string(3000)), "text": string(12_000),
                                        "unsafe": boolean}),
    "emoji":     Kind(PROSE, RUN | {"name": Required(string(255)), "skin_tone": integer(1, 6),
                                    "unicode": string(255), "url": string(3000)}),
    "user":      Kind(PROSE, RUN | {"user_id": Required(string(255))}),
    "usergroup": Kind(PROSE, RUN | {"usergroup_id": Required(string(255))}),
    "channel":   Kind(PROSE, RUN | {"channel_id": Required(string(255))}),
    "team":      Kind(PROSE, RUN | {"team_id": Required(string(255))}),
    "broadcast": Kind(PROSE, RUN | {"range": Required(one_of("here", "channel", "everyone"))}),
    "color":     Kind(PROSE, RUN | {"value": Required(string(255))}),
    "date":      Kind(PROSE, RUN | {"timestamp": Required(integer(0, 9_999_999_999)), "url": string(3000),
                                    "format": Required(string(255)), "fallback": string(3000)}),
}
LINES: Kinds = {
    "rich_text_section": Kind("rich_text rich_text_list", {
        "type":     anything,
        "elements": Required(array(one_kind(RUNS, "rich_text_section"), 1000, 0)),
    }),
}
PART: Fields = {"type": anything, "border": integer(0, 1)}
PARTS: Kinds = LINES | {
    "rich_text_quote": Kind("rich_text", PART | {
        "elements": Required(array(one_kind(RUNS, "rich_text_quote"), 1000, 0)),
    }),
    "rich_text_preformatted": Kind("rich_text", PART | {
        "elements": Required(array(one_kind(RUNS, "rich_text_preformatted"), 1000, 0)),
        "language": string(255),
    }),
    "rich_text_list": Kind("rich_text", PART | {
        "elements": Required(array(one_kind(LINES, "rich_text_list"), 1000, 0)),
        "style":    Required(one_of("bullet", "ordered")),
        "indent":   integer(0, 8),
        "offset":   integer(0, 1_000_000),
    }),
}
RICH_TEXT: Fields = {
    "type":     Required(one_of("rich_text")),
    "block_id": string(255),
    "elements": Required(array(one_kind(PARTS, "rich_text"), 1000)),
}

# ---- Elements: with an action_id they are interactive
ACTION: Fields = {"type": anything, "action_id": string(255)}
FOCUS: Fields = ACTION | {"focus_on_load": boolean}
CHOICE: Fields = FOCUS | {"confirm": CONFIRM}
MENU: Fields = CHOICE | {"placeholder": plain(150)}
MANY: Fields = MENU | {"max_selected_items": integer(1, 100)}  # 100: ours
LISTED: Fields = {"options": array(OPTION, 100), "option_groups": array(OPTION_GROUP, 100)}
ASKED: Fields = {"min_query_length": integer(0, 100)}  # 100: ours
TYPED: Fields = FOCUS | {"placeholder": plain(150), "dispatch_action_config": DISPATCH}

VALUE = State("value", "initial_value")
ONE_OPTION = State("selected_option", "initial_option")
MANY_OPTIONS = State("selected_options", "initial_options")

ELEMENTS: Kinds = {
    # What is only looked at.
    "plain_text": Kind("context", plain(3000).fields),
    "mrkdwn":     Kind("context", mrkdwn(3000).fields),
    "image":      Kind("context section", PICTURE, (ONE_SOURCE,)),

    # What is pressed.
    "button": Kind("section actions", ACTION | {
        "text":                  Required(plain(75)),
        "value":                 string(2000),
        "url":                   url(3000),
        "style":                 STYLE,
        "confirm":               CONFIRM,
        "accessibility_label":   string(75),
        **dict.fromkeys(("agent_prompt", "agent_prompt_display", "visible_to_user_ids"), not_emulated),
    }),
    "overflow": Kind("section actions", ACTION | {
        "options":               Required(array(OVERFLOW_OPTION, 5)),
        "confirm":               CONFIRM,
    }),

    # Menus in which one is chosen.
    "static_select": Kind("section actions input", MENU | LISTED | {"initial_option": OPTION},
                          (ONE_LIST, rules.initial_listed), state=ONE_OPTION),
    "external_select": Kind("section actions input", MENU | ASKED | {"initial_option": OPTION},
                            state=ONE_OPTION),
    "users_select": Kind("section actions input", MENU | {"initial_user": string(255)},
                         state=State("selected_user", "initial_user")),
    "channels_select": Kind("section actions input", MENU | {
        "initial_channel":       string(255),
        "response_url_enabled":  boolean,
    }, state=State("selected_channel", "initial_channel")),
    "conversations_select": Kind("section actions input", MENU | {
        "initial_conversation":  string(255),
        "response_url_enabled":  boolean,
        "filter":                FILTER,
        "default_to_current_conversation": boolean,
    }, state=State("selected_conversation", "initial_conversation")),

    # Menus in which many are chosen. How many may be chosen at the start is ours.
    "multi_static_select": Kind("section input", MANY | LISTED | {"initial_options": array(OPTION, 100)},
                                (ONE_LIST, rules.initial_listed, rules.not_too_many), state=MANY_OPTIONS),
    "multi_external_select": Kind("section input", MANY | ASKED | {"initial_options": array(OPTION, 100)},
                                  (rules.not_too_many,), state=MANY_OPTIONS),
    "multi_users_select": Kind("section input", MANY | {
        "initial_users":         array(string(255), 100),
    }, (rules.not_too_many,), state=State("selected_users", "initial_users")),
    "multi_channels_select": Kind("section input", MANY | {
        "initial_channels":      array(string(255), 100),
    }, (rules.not_too_many,), state=State("selected_channels", "initial_channels")),
    "multi_conversations_select": Kind("section input", MANY | {
        "initial_conversations": array(string(255), 100),
        "filter":                FILTER,
        "default_to_current_conversation": boolean,
    }, (rules.not_too_many,), state=State("selected_conversations", "initial_conversations")),

    # Lists to tick.
    "radio_buttons": Kind("section actions input", CHOICE | {
        "options":               Required(array(TICK, 10)),
        "initial_option":        TICK,
    }, (rules.initial_listed, rules.distinct_values), state=ONE_OPTION),
    "checkboxes": Kind("section actions input", CHOICE | {
        "options":               Required(array(TICK, 10)),
        "initial_options":       array(TICK, 10),
    }, (rules.initial_listed, rules.distinct_values), state=MANY_OPTIONS),

    # Pickers. How long the name of a time zone may be is ours.
    "datepicker": Kind("section actions input", MENU | {"initial_date": date},
                       state=State("selected_date", "initial_date")),
    "timepicker": Kind("section actions input", MENU | {"initial_time": time, "timezone": string(100)},
                       state=State("selected_time", "initial_time")),
    "datetimepicker": Kind("actions input", CHOICE | {
        "initial_date_time":     integer(1_000_000_000, 9_999_999_999),
    }, state=State("selected_date_time", "initial_date_time"), surfaces="message modal"),

    # What is typed. How long an e-mail address or a URL may be at the start is ours.
    "plain_text_input": Kind("input", TYPED | {
        "initial_value":         string(3000, 0),
        "multiline":             boolean,
        "min_length":            integer(0, 3000),
        "max_length":            integer(1, 3000),
    }, (rules.in_order("min_length", "max_length"),), state=VALUE),
    "number_input": Kind("input", TYPED | {
        "is_decimal_allowed":    Required(boolean),
        "initial_value":         number,
        "min_value":             number,
        "max_value":             number,
    }, (rules.number_in_bounds,), state=VALUE, surfaces="modal"),
    "email_text_input": Kind("input", TYPED | {"initial_value": string(3000)}, state=VALUE, surfaces="modal"),
    "url_text_input": Kind("input", TYPED | {"initial_value": string(3000)}, state=VALUE, surfaces="modal"),
    "rich_text_input": Kind("input", TYPED | {
        "initial_value":         Shape(RICH_TEXT),
        "min_lines":             integer(1, 100),
        "max_lines":             integer(1, 100),
    }, (rules.in_order("min_lines", "max_lines"),), state=State("rich_text_value", "initial_value"),
       surfaces="modal home"),
    # What Slack has besides, and the page could not show.
    **dict.fromkeys(("feedback_buttons", "file_input", "icon_button", "workflow_button"), NOT_EMULATED),
}

# ---- Blocks
BLOCK: Fields = {"type": anything, "block_id": string(255)}

BLOCKS: Kinds = {
    "section": Kind("message modal home", BLOCK | {
        "text":            text(3000),
        "fields":          array(text(2000), 10),
        "accessory":       one_kind(ELEMENTS, "section"),
        "expand":          boolean,
    }, (rules.at_least_one("text", "fields"),)),
    "header": Kind("message modal home", BLOCK | {"text": Required(plain(150))}),
    "divider": Kind("message modal home", BLOCK),
    "context": Kind("message modal home", BLOCK | {
        "elements":        Required(array(one_kind(ELEMENTS, "context"), 10)),
    }),
    "actions": Kind("message modal home", BLOCK | {
        "elements":        Required(array(one_kind(ELEMENTS, "actions"), 25)),
    }, (rules.distinct_action_ids,)),
    "input": Kind("message modal home", BLOCK | {
        "label":           Required(plain(2000)),
        "element":         Required(one_kind(ELEMENTS, "input")),
        "hint":            plain(2000),
        "optional":        boolean,
        "dispatch_action": boolean,
    }),
    "image": Kind("message modal home", BLOCK | PICTURE | {"title": plain(2000)}, (ONE_SOURCE,)),
    "rich_text": Kind("message modal home", RICH_TEXT),
    "markdown": Kind("message", BLOCK | {"text": Required(string(12_000))}),
    # What Slack has besides, and the page could not show.
    **dict.fromkeys((
        "alert", "auth_provider", "call", "card", "carousel", "container", "context_actions", "data_table",
        "data_visualization", "file", "plan", "table", "task_card", "video",
    ), NOT_EMULATED),
}

# ---- Views
VIEW: Fields = {
    "blocks":              Required(array(anything, 100)),
    "private_metadata":    string(3000, 0),
    "callback_id":         string(255, 0),
    "external_id":         string(255, 0),
}
VIEW_BYTES = 250_000  # as JSON

VIEWS: dict[str, Shape] = {
    "modal": Shape(VIEW | {
        "type":            Required(one_of("modal")),
        "title":           Required(plain(24)),
        "submit":          plain(24),
        "close":           plain(24),
        "clear_on_close":  boolean,
        "notify_on_close": boolean,
    }, (rules.inputs_need_submit, rules.one_focus)),
    "home": Shape(VIEW | {"type": Required(one_of("home"))}, (rules.one_focus,)),
}
