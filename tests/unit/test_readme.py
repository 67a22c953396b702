"""Everything a user can set or type is in the README."""

import re
import tomllib
from pathlib import Path

import click
import pytest

from bot.cli import main
from bot.restores.quick import COMMAND
from bot.sandbox.slack.installation import DEFAULT_COMMANDS
from bot.settings import Settings
from bot.slack.guide import COMMANDS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
MANIFEST = (ROOT / "manifest.yml").read_text()


def named(pattern: str) -> set[str]:
    return set(re.findall(pattern, README, flags=re.MULTILINE))


def options() -> list[str]:
    sandbox = main.commands["sandbox"]
    return [name for option in sandbox.params if isinstance(option, click.Option) for name in option.opts]


@pytest.mark.parametrize("variable", [name.upper() for name in Settings.model_fields])
def test_every_setting_has_its_row(variable: str) -> None:
    assert f"\n| `{variable}` |" in README


def test_no_setting_is_made_up() -> None:
    rows = named(r"^\| `([A-Z_]+)` \|")
    assert rows == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("command", list(main.commands))
def test_every_command_of_the_command_line_has_its_row(command: str) -> None:
    assert f"\n| `restorebot {command}` |" in README


@pytest.mark.parametrize("option", options())
def test_every_option_has_its_row(option: str) -> None:
    assert f"\n| `{option}` |" in README


def test_defaults_are_told_as_they_are() -> None:
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, str | int | float) and not isinstance(field.default, bool):
            (row,) = re.findall(rf"^\| `{name.upper()}` \|(.*?)\|", README, flags=re.MULTILINE)
            assert str(field.default) in row, name


def test_every_dependency_has_its_reason_and_no_other_has_one() -> None:
    declared = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]]
    names = {re.split(r"[<>=\[]", requirement)[0] for requirement in declared}
    table = README.split("| dependency | why |")[1]
    told = {
        name.strip() for row in re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE) for name in row.split(",")
    }
    assert told - {"---"} == names


def test_the_manifest_the_bot_and_the_local_workspace_know_the_same_command() -> None:
    assert re.findall(r"command: (\S+)", MANIFEST) == [COMMAND]
    assert [command.command for command in DEFAULT_COMMANDS] == [COMMAND]
    assert f'usage_hint: "{DEFAULT_COMMANDS[0].usage_hint}"' in MANIFEST


def test_every_promise_is_named_by_a_test() -> None:
    promised = {int(number) for number in re.findall(r"^(\d+)\. \*\*", README, re.MULTILINE)}
    tests = " ".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    proven = {
        int(number)
        for name in re.findall(r"def test_promise((?:_\d+|_and)+)_", tests)
        for number in re.findall(r"\d+", name)
    }
    assert promised == set(range(1, 11))
    assert proven == promised


def test_the_sentences_of_the_commands_are_the_ones_the_bot_says() -> None:
    for command, does in COMMANDS.items():
        # A bar would end the cell of the table.
        shown = command.replace("|", r"\|")
        assert f"| `{shown}` | {does} |" in README


def test_exactly_two_commands_set_everything_up() -> None:
    assert len(named(r"^python3 -m venv .*$")) == 2


def test_the_pictures_it_shows_are_there() -> None:
    pictures = named(r"!\[[^\]]*\]\(([^)]+)\)")
    assert pictures
    assert [picture for picture in pictures if not (ROOT / picture).is_file()] == []
