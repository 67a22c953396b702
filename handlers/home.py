"""App Home: published when somebody opens it; its button opens the form."""

from typing import Any, Protocol

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.home import OPEN_FORM
from handlers.desk import Desk
from handlers.shortcuts import restore_shortcut


class Opened(Protocol):
    """Told of somebody who looks at their Home, and whether nothing is shown there yet."""

    def __call__(self, user_id: str, language: str, *, empty: bool) -> None: ...


def register(app: AsyncApp, opened: Opened) -> None:
    async def home_opened(event: dict[str, Any], client: AsyncWebClient, desk: Desk) -> None:
        if event.get("tab") == "home":
            language = await desk.zones.language(client, event["user"])
            opened(event["user"], language, empty="view" not in event)

    app.event("app_home_opened")(home_opened)
    app.action(OPEN_FORM)(restore_shortcut)
