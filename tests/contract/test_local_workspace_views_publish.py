"""views.publish of the local workspace: each person's App Home."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace

ALICE, BEN = "U0ALICECHEN", "U0BENOKORO1"


def home(text: str = "x", **fields: Any) -> dict[str, Any]:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    return {"type": "home", "blocks": [section], **fields}


@pytest.fixture
async def client() -> AsyncIterator[AsyncWebClient]:
    async with LocalWorkspace().serve(port=0) as url:
        yield AsyncWebClient(token="xoxb-sandbox", base_url=f"{url}api/", retry_handlers=[])


async def error_of(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_a_home_is_published_for_each_person_and_replaced(client: AsyncWebClient) -> None:
    first = (await client.views_publish(user_id=ALICE, view=home("one", private_metadata="m")))["view"]
    assert (first["type"], first["private_metadata"], first["bot_id"]) == ("home", "m", "B0RESTORE01")
    assert first["blocks"][0]["block_id"]
    other = (await client.views_publish(user_id=BEN, view=home()))["view"]
    again = (await client.views_publish(user_id=ALICE, view=home("two"), hash=first["hash"]))["view"]
    assert again["id"] == first["id"] != other["id"]
    assert again["hash"] != first["hash"]


async def test_a_home_that_changed_meanwhile_is_not_overwritten(client: AsyncWebClient) -> None:
    first = (await client.views_publish(user_id=ALICE, view=home()))["view"]
    await client.views_publish(user_id=ALICE, view=home())
    late = client.views_publish(user_id=ALICE, view=home(), hash=first["hash"])
    assert await error_of(late) == "hash_conflict"


@pytest.mark.parametrize(
    ("user", "view", "error"),
    [
        ("U0NOBODY001", home(), "user_not_found"),
        (ALICE, home(title={"type": "plain_text", "text": "x"}), "invalid_arguments"),
        (ALICE, home(submit={"type": "plain_text", "text": "x"}), "invalid_arguments"),
        (ALICE, home() | {"type": "modal"}, "invalid_arguments"),
        (ALICE, home() | {"blocks": []}, "invalid_arguments"),
        (ALICE, home(blocks=[{"type": "markdown", "text": "x"}]), "invalid_arguments"),
        (ALICE, home("ä" * 3000) | {"blocks": home("ä" * 3000)["blocks"] * 50}, "view_too_large"),
    ],
    ids=range(7),
)
async def test_a_home_that_cannot_be_shown_is_refused(
    client: AsyncWebClient, user: str, view: dict[str, Any], error: str
) -> None:
    assert await error_of(client.views_publish(user_id=user, view=view)) == error


async def test_a_home_is_not_opened_as_a_modal(client: AsyncWebClient) -> None:
    refused = await error_of(client.views_open(trigger_id="1.2.3", view=home()))
    assert refused == "invalid_arguments"
