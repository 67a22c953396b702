"""Stored credentials: resolved when the task is created, never kept."""

from pathlib import Path

import pytest

from bot.config import Channel, Credential
from bot.errors import CredentialMissing, NotOffered
from bot.restores.models import RequestState, RestoreDraft
from tests.scenario.desk import Desk


@pytest.fixture
def file(tmp_path: Path, desk: Desk) -> Path:
    """The file of the credential `orders`, which the desk knows from now on."""
    path = tmp_path / "password"
    path.write_text("from the file\n")
    stored = Credential(user_name="restore_rw", password_file=str(path))
    desk.restart(stored={"orders": stored})
    return path


def with_credential(desk: Desk, nonce: str = "a" * 32) -> RestoreDraft:
    return desk.draft(nonce).evolve(password=None, credential="orders")


def write(file: Path, password: str) -> None:
    file.write_text(password)


def remove(file: Path) -> None:
    file.unlink()


async def test_a_stored_credential_brings_its_account_and_its_password(desk: Desk, file: Path) -> None:
    await desk.service.submit(with_credential(desk))
    await desk.settle()
    (task,) = desk.stage.dbs.tasks
    assert task.parameters["DestinationEndpointUserName"] == "restore_rw"
    assert task.parameters["DestinationEndpointPassword"] == "from the file"
    assert await desk.kinds() == ["card", "created"]


async def test_promise_7_a_stored_password_is_read_at_the_time_of_use_and_not_kept(
    desk: Desk, file: Path, tmp_path: Path
) -> None:
    await desk.service.submit(with_credential(desk))
    write(file, "rotated")
    assert await desk.passwords.get("a" * 32) is None
    await desk.settle()
    (task,) = desk.stage.dbs.tasks
    assert task.parameters["DestinationEndpointPassword"] == "rotated"
    request = await desk.service.request("a" * 32)
    assert request is not None
    assert (request.credential, request.has_password) == ("orders", False)


async def test_the_same_form_again_is_the_same_request_although_the_account_came_later(
    desk: Desk, file: Path
) -> None:
    for _ in range(2):
        await desk.service.submit(with_credential(desk))
        await desk.settle()
    assert len(desk.stage.dbs.tasks) == 1


async def test_a_credential_that_cannot_be_read_refuses_the_request_and_no_other(
    desk: Desk, file: Path
) -> None:
    await desk.service.submit(with_credential(desk))
    await desk.service.submit(desk.draft("b" * 32))
    remove(file)
    await desk.settle()
    assert len(desk.stage.dbs.tasks) == 1
    assert sorted(await desk.kinds()) == ["card", "card", "created", "refused"]
    request = await desk.service.request("a" * 32)
    assert request is not None
    assert request.state is RequestState.REFUSED
    assert "stored credential orders cannot be read" in (request.error or "")
    assert str(file) in (request.error or "")


async def test_a_credential_that_is_no_longer_configured_refuses_what_waits_for_it(
    desk: Desk, file: Path
) -> None:
    await desk.service.submit(with_credential(desk))
    desk.restart()
    await desk.settle()
    assert await desk.kinds() == ["card", "refused"]
    with pytest.raises(CredentialMissing, match="orders is not configured any more"):
        await desk.service.submit(with_credential(desk, "b" * 32))


async def test_promise_6_it_refuses_nothing_while_an_earlier_try_may_have_created_the_task(
    desk: Desk, file: Path
) -> None:
    desk.wire.lose = lambda action: action == "CreateRestoreTask"
    await desk.service.submit(with_credential(desk))
    await desk.settle(pause=5)
    remove(file)
    desk.wire.lose = lambda _: False
    desk.wire.hide = lambda action: action == "DescribeRestoreTaskList"
    await desk.settle(pause=5)
    assert await desk.open_states() == [RequestState.CREATING]
    desk.wire.hide = lambda _: False
    await desk.settle()
    assert await desk.kinds() == ["card", "unsettled", "created"]


async def test_it_survives_a_crash_because_nothing_of_it_was_in_memory(desk: Desk, file: Path) -> None:
    await desk.service.submit(with_credential(desk))
    desk.restart(stored={"orders": Credential(user_name="restore_rw", password_file=str(file))})
    await desk.settle()
    assert await desk.kinds() == ["card", "created"]


async def test_where_typing_is_forbidden_a_typed_password_is_not_taken(desk: Desk) -> None:
    desk.restart(typing_allowed=False)
    with pytest.raises(CredentialMissing, match="cannot be typed here"):
        await desk.service.submit(desk.draft())
    assert await desk.store.open_requests() == []
    assert await desk.passwords.get("a" * 32) is None


async def test_a_channel_that_is_bound_does_not_restore_other_plans(desk: Desk) -> None:
    desk.restart(channels={desk.draft().channel_id: Channel(plans=("billing-prod",))})
    with pytest.raises(NotOffered):
        await desk.service.submit(desk.draft())
    assert await desk.store.open_requests() == []
