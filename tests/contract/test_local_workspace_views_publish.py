"""views.publish of the local workspace: each person's App Home."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.contract.calls import error_of

ALICE, BEN = "U0ALICECHEN", "U0BENOKORO1"


def home(text: str = "x", **fields: Any) -> dict[str, Any]:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    return {"type": "home", "blocks": [section], **fields}


async def test_a_home_is_published_for_each_person_and_replaced(web: AsyncWebClient) -> None:
    first = (await web.views_publish(user_id=ALICE, view=home("one", private_metadata="m")))["view"]
    assert (first["type"], first["private_metadata"], first["bot_id"]) == ("home", "m", "B0RESTORE01")
    assert first["blocks"][0]["block_id"]
    other = (await web.views_publish(user_id=BEN, view=home()))["view"]
    again = (await web.views_publish(user_id=ALICE, view=home("two"), hash=first["hash"]))["view"]
    assert again["id"] == first["id"] != other["id"]
    assert again["hash"] != first["hash"]


async def test_a_home_that_changed_meanwhile_is_not_overwritten(web: AsyncWebClient) -> None:
    first = (await web.views_publish(user_id=ALICE, view=home()))["view"]
    await web.views_publish(user_id=ALICE, view=home())
    late = web.views_publish(user_id=ALICE, view=home(), hash=first["hash"])
    assert await error_of(late) == "hash_conflict"


@pytest.mark.parametrize(
    ("user", "view", "error"),
    [
        ("U0NOBODY001", home(), "invalid_arguments"),
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
    web: AsyncWebClient, user: str, view: dict[str, Any], error: str
) -> None:
    assert await error_of(web.views_publish(user_id=user, view=view)) == error


async def test_a_home_is_not_opened_as_a_modal(web: AsyncWebClient) -> None:
    refused = await error_of(web.views_open(trigger_id="1.2.3", view=home()))
    assert refused == "invalid_arguments"
