"""The address of the workspace, for links to its messages."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace
from bot.slack.workspace import Workspace


def asked(workspace: LocalWorkspace) -> int:
    return sum(request.name == "auth.test" for request in workspace.journal)


async def test_it_is_asked_for_once(workspace: LocalWorkspace, web: AsyncWebClient, url: str) -> None:
    known = Workspace()
    assert await known.address(web) == url
    assert await known.address(web) == url
    assert asked(workspace) == 1


async def test_while_slack_does_not_tell_it_is_not_known_and_asked_for_again(
    workspace: LocalWorkspace, web: AsyncWebClient, url: str
) -> None:
    known = Workspace()
    workspace.faults.add("error", "auth.test", code="internal_error")
    assert await known.address(web) is None
    workspace.faults.clear()
    assert await known.address(web) == url
