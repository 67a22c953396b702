"""A sandbox is entered once, and what a person waits for in vain is told."""

import errno

import pytest
from pytest_mock import MockerFixture

from bot.sandbox import Sandbox
from bot.sandbox.dbs import LocalDbs
from bot.sandbox.sandbox import PortError
from bot.sandbox.slack import PersonError


async def test_a_sandbox_is_entered_once() -> None:
    async with Sandbox() as sandbox:
        with pytest.raises(RuntimeError, match="entered before"):
            await sandbox.__aenter__()
    with pytest.raises(RuntimeError, match="entered before"):
        await sandbox.__aenter__()


async def test_who_waits_in_vain_tells_for_what_and_what_was_there() -> None:
    async with Sandbox() as sandbox:
        await sandbox.ben.say("Good morning")
        for waiting, what in (
            (sandbox.alice.see("Good night", within=0.01), "'Good night'"),
            (sandbox.alice.click("Stop", within=0.01), "the button 'Stop'"),
            (sandbox.alice.fill("Name", "Alice", within=0.01), "the field 'Name'"),
        ):
            with pytest.raises(TimeoutError) as raised:
                await waiting
            assert str(raised.value) == (
                f"alice waited 0.01 seconds for {what} in #db-oncall. In sight: 'Good morning'."
            )


async def test_a_channel_that_does_not_exist_is_a_persons_error() -> None:
    async with Sandbox() as sandbox:
        sandbox.alice.channel = "#nowhere"
        for trying in (sandbox.alice.see("anything"), sandbox.alice.click("Stop"), sandbox.alice.say("hi")):
            with pytest.raises(PersonError, match="There is no"):
                await trying


@pytest.mark.parametrize(("number", "why"), [(errno.EADDRINUSE, "taken"), (errno.EACCES, "not open to you")])
async def test_a_port_that_cannot_be_used_is_named_with_the_reason(
    mocker: MockerFixture, number: int, why: str
) -> None:
    mocker.patch.object(LocalDbs, "serve", side_effect=OSError(number, "bind"))
    with pytest.raises(PortError, match=f"^Port 80 is {why}. Choose another with --dbs-port.$"):
        await Sandbox(dbs_port=80).__aenter__()


async def test_what_is_not_the_ports_fault_is_not_told_as_such(mocker: MockerFixture) -> None:
    mocker.patch.object(LocalDbs, "serve", side_effect=OSError(errno.EMFILE, "Too many open files"))
    with pytest.raises(OSError, match="Too many open files"):
        await Sandbox().__aenter__()
