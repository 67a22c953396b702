"""A person as a story tells of them: they know labels and words, and wait until something is there."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from bot.sandbox.slack import LocalWorkspace, PersonError, blocks_of, elements_of, options_of
from bot.sandbox.slack.wire import SlackError

Json = dict[str, Any]
Filled = str | int | datetime | list[str] | None
T = TypeVar("T")

_TOLD = 20
"""How many texts a TimeoutError tells of what was in sight."""


class Someone:
    """Looks at one channel at a time, #db-oncall at first.

    What does not work raises PersonError, what does not come within so many seconds TimeoutError, which tells
    what was there instead.
    """

    def __init__(self, workspace: LocalWorkspace, name: str) -> None:
        self._workspace = workspace
        self.person = workspace.person(name)
        self.channel = "#db-oncall"

    async def command(self, line: str) -> None:
        """Type a slash command in the channel; it is acknowledged when this returns."""
        await self.person.say(self.channel, line)

    async def say(self, words: str) -> None:
        await self.person.say(self.channel, words)

    async def fill(self, field: str, value: Filled, *, within: float = 5) -> None:
        """Fill in a field of the dialog on top, found by its label or its block_id, once it is there.

        Menus, radio buttons and checkboxes take what stands on the option; a list is for several. In a menu
        with suggestions the first one for the text is taken. A datetime fits date and time; None clears.
        """
        block, element = await self._come(f"the field {field!r}", lambda: self._field(field), within)
        where = (block["block_id"], element["action_id"])
        if isinstance(value, datetime):
            value = int(value.timestamp())
        choice: Any = value
        if element["type"] == "external_select" and value is not None:
            choice = _first(await self.person.options(*where, str(value)), value)
        elif "options" in element or "option_groups" in element:
            choice = _chosen(element, value)
        await self.person.choose(*where, choice)

    async def submit(self) -> dict[str, str]:
        """Submit the dialog on top: the sentences beside its fields by label, {} when it went through."""
        view = self.person.view
        errors = await self.person.submit()
        labels = {block["block_id"]: _label(block) for block in view["blocks"]} if view else {}
        return {labels.get(block_id) or block_id: sentence for block_id, sentence in errors.items()}

    async def click(self, button: str, *, within: float = 5) -> None:
        """Press the button that says so, once there is one: in the dialog on top, or the newest message."""
        found = await self._come(f"the button {button!r}", lambda: self._button(button), within)
        message, block, element = found
        if message is None:
            await self.person.choose(block["block_id"], element["action_id"])
        else:
            await self.person.click(message, element["action_id"])

    async def see(self, words: str, *, within: float = 5) -> str:
        """Wait until these words stand in the dialog on top, in the channel or in one of its threads.

        Gives the whole text they stand in.
        """

        def seen() -> str | None:
            return next((text for text in self.sight() if words in text), None)

        return await self._come(repr(words), seen, within)

    def sight(self) -> Iterator[str]:
        """Every text this person sees now, the dialog on top first, then messages, newest first."""
        if self.person.view is not None:
            yield from _texts(self.person.view)
        for message in self._messages():
            yield from _texts({name: message.get(name) for name in ("text", "blocks", "attachments")})

    async def _come(self, what: str, predicate: Callable[[], T | None], within: float) -> T:
        try:
            return await self._workspace.until(predicate, within=within)
        except TimeoutError:
            sight = ", ".join(map(repr, islice(self.sight(), _TOLD))) or "nothing"
            waited = f"{self.person.name} waited {within:g} seconds for {what} in {self.channel}"
            raise TimeoutError(f"{waited}. In sight: {sight}.") from None

    def _messages(self) -> Iterator[Json]:
        try:
            roots = self._workspace.messages(self.channel)
            shown = [*roots, *self.person.ephemerals(self.channel)]
        except SlackError as error:
            raise PersonError(f"There is no channel {self.channel}.") from error
        for root in roots:
            shown += self._workspace.thread(self.channel, root["ts"])[1:]
        yield from sorted(shown, key=lambda message: str(message["ts"]), reverse=True)

    def _field(self, name: str) -> tuple[Json, Json] | None:
        for block in (self.person.view or {}).get("blocks", ()):
            if name in {block["block_id"], _label(block)}:
                for element in elements_of(block):
                    return block, element
        return None

    def _button(self, label: str) -> tuple[Json | None, Json, Json] | None:
        places: list[tuple[Json | None, list[Json]]] = []
        if self.person.view is not None:
            places.append((None, self.person.view["blocks"]))
        places += [(message, blocks_of(message)) for message in self._messages()]
        for message_or_none, blocks in places:
            for block in blocks:
                for element in elements_of(block):
                    if element["type"] == "button" and element["text"]["text"] == label:
                        return message_or_none, block, element
        return None


def _label(block: Json) -> str:
    label = block.get("label") or block.get("text") or {}
    return str(label.get("text", ""))


def _chosen(element: Json, value: Filled) -> Any:
    """The options that carry these texts, or these values."""

    def one(text: object) -> Json:
        for option in options_of(element):
            if text in {option["text"]["text"], option["value"]}:
                return dict(option)
        raise PersonError(f"There is no option {text!r}.")

    if isinstance(value, list):
        return [one(each) for each in value]
    return None if value is None else one(value)


def _first(options: list[Json], wanted: Filled) -> Json:
    if not options:
        raise PersonError(f"Nothing is suggested for {wanted!r}.")
    return options[0]


def _texts(value: Any) -> Iterator[str]:
    """Every text in a message or view, from the outside in."""
    if isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        for name, child in value.items():
            if name == "text" and isinstance(child, str):
                yield child
            elif isinstance(child, dict | list):
                yield from _texts(child)
