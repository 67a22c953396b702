"""The local workspace and the local DBS, served together."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import LocalDbs
from bot.sandbox.slack import LocalWorkspace


class PortTakenError(Exception):
    """Something else listens on this port; `option` of the command line chooses another."""

    def __init__(self, port: int, option: str) -> None:
        super().__init__(f"Port {port} is taken. Choose another with {option}.")


@dataclass(frozen=True)
class Sandbox:
    """Both services, running. The URLs end in a slash."""

    workspace: LocalWorkspace
    workspace_url: str
    dbs: LocalDbs
    dbs_url: str

    def environment(self) -> dict[str, str]:
        """What points a bot at them."""
        return {
            "SLACK_API_URL": f"{self.workspace_url}api/",
            "SLACK_BOT_TOKEN": "xoxb-sandbox",
            "SLACK_APP_TOKEN": "xapp-sandbox",
            "SLACK_SIGNING_SECRET": "sandbox-signing-secret",
            "DBS_ENDPOINT": self.dbs_url,
            "ALIBABA_CLOUD_ACCESS_KEY_ID": "sandbox",
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "sandbox-secret",
            "ALIBABA_CLOUD_SECURITY_TOKEN": "",
            "ALIBABA_CLOUD_REGION_ID": "cn-hangzhou",
        }


@asynccontextmanager
async def serving(*, port: int, dbs_port: int, speed: float) -> AsyncIterator[Sandbox]:
    """Serve on loopback; port 0 takes any that is free. Raises `PortTakenError`."""
    workspace = LocalWorkspace()
    dbs = LocalDbs(clock=SimulatedClock(speed))
    async with AsyncExitStack() as stack:
        dbs_url = await _entered(stack, dbs, dbs_port, "--dbs-port")
        workspace_url = await _entered(stack, workspace, port, "--port")
        yield Sandbox(workspace, workspace_url, dbs, dbs_url)


async def _entered(stack: AsyncExitStack, service: LocalDbs | LocalWorkspace, port: int, option: str) -> str:
    try:
        return await stack.enter_async_context(service.serve(port=port))
    except OSError as error:
        raise PortTakenError(port, option) from error
