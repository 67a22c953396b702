"""What `/restore` can be told, and what is said instead of what it cannot."""

import pytest

from bot.sandbox.slack.content import parse_content
from bot.slack import guide
from bot.slack.guide import ENTRIES, GUIDE, NAMES, VALUE_LIMIT, help_message, instead_of, nearest
from bot.slack.message import Message
from handlers.commands import COMMANDS


def drawable(message: Message) -> None:
    parse_content({"text": message.text, "blocks": list(message.blocks)})


def test_every_command_there_is_is_in_the_guide_and_no_other() -> None:
    assert set(NAMES) == COMMANDS.keys()


def test_every_entry_says_how_it_is_typed_what_it_does_and_gives_examples() -> None:
    for entry in GUIDE:
        assert entry.usage.startswith("/restore")
        assert entry.does[0].islower()
        assert not entry.does.endswith(".")
        assert entry.more.endswith((".", "form."))
        assert entry.examples
        if entry.name in NAMES:
            assert all(each.startswith(f"/restore {entry.name}") for each in entry.examples)
            assert entry.usage.startswith(f"/restore {entry.name}")


@pytest.mark.parametrize("topic", ["", *ENTRIES, "lsit", "nonesuch", "x" * 3000, "stop"])
def test_help_can_be_shown_and_its_text_says_what_its_blocks_do(topic: str) -> None:
    message = help_message(topic)
    drawable(message)
    assert "/restore" in message.text


@pytest.mark.parametrize("name", NAMES)
def test_two_letters_that_changed_places_are_set_right(name: str) -> None:
    for at in range(1, len(name) - 1):
        typed = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
        assert nearest(typed) == name


@pytest.mark.parametrize(
    "word", ["orders-prod", "billing", "ledger", "mysql", "rm-bp1", "prod", "dbs1abc", "drop"]
)
def test_names_of_plans_are_no_misspelt_commands(word: str) -> None:
    assert instead_of(word, "") is None


def test_what_stands_behind_a_misspelt_word_is_kept() -> None:
    message = instead_of("stauts", "s1 <!here>")
    assert message is not None
    assert "&lt;!here&gt;" in message.text
    right, plan = message.blocks[1]["elements"]
    assert right["value"] == "status s1 <!here>"
    assert plan["value"] == "stauts s1 <!here>"


def test_the_longest_line_can_be_answered() -> None:
    message = instead_of("lsit", "x" * 2 * VALUE_LIMIT)
    assert message is not None
    drawable(message)


def test_a_usage_shows_how_it_is_typed_and_an_example() -> None:
    assert guide.usage("start") == (
        "Which one? Type `/restore start &lt;id or name&gt;`, for instance `/restore start s102h7rf5anq`."
    )


def test_mistakes_are_told_with_the_keys() -> None:
    message = guide.mistaken(("at: <nonsense> is no time.",))
    assert "&lt;nonsense&gt;" in message.text
    assert "Keys:" in message.text
    drawable(message)
