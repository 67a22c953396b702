"""What the README and the manifest ask for is what the bot uses: no more and no less."""

import re
from pathlib import Path

from tests.scenario.stage import CHANNEL, Stage

ROOT = Path(__file__).parents[2]
POLICY = set(re.findall(r'"dbs:(\w+)"', (ROOT / "README.md").read_text()))
SCOPES = set(re.findall(r"^      - (\S+)$", (ROOT / "manifest.yml").read_text(), re.MULTILINE))

#: Scopes a method may need, for channels of every kind. Source: Slack's method pages.
SCOPES_OF = {
    "auth.test": set(),
    "apps.connections.open": set(),
    "views.open": set(),
    "views.update": set(),
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.info": {"channels:read", "groups:read", "im:read"},
    "conversations.join": {"channels:join"},
    "conversations.history": {"channels:history", "groups:history", "im:history"},
    "conversations.replies": {"channels:history", "groups:history", "im:history"},
}


async def test_the_ram_policy_names_the_actions_the_bot_calls(stage: Stage) -> None:
    async with stage.bot():
        plan_id = await stage.open_form("orders-prod")
        assert await stage.alice.options(f"region:{plan_id}", "region")
        await stage.alice.choose(f"choice:{plan_id}", "choice", "backup_set")
        await stage.until_block(f"backup_set:{plan_id}")
        (newest, *_) = await stage.alice.options(f"backup_set:{plan_id}", "backup_set")
        assert await stage.submit(**{f"backup_set__{plan_id}": newest}) == {}
        await stage.play(until="Precheck passed")
    assert {request.action for request in stage.dbs.requests} == POLICY


async def test_the_manifest_asks_for_the_scopes_of_the_methods_the_bot_calls(stage: Stage) -> None:
    async with stage.bot():
        await stage.alice.say("#random", "/restore")
        await stage.workspace.until(
            lambda: any(call.method == "conversations.join" for call in stage.workspace.calls)
        )
        await stage.alice.close()
        await stage.restore("orders-prod")
        await stage.until_told("created the task")
    called = {call.method for call in stage.workspace.calls}
    # What is in doubt is looked for in Slack: see the tests of delivery.
    looked_for = {"conversations.history", "conversations.replies"}
    assert called | looked_for == SCOPES_OF.keys()
    assert set().union({"commands"}, *SCOPES_OF.values()) == SCOPES
    assert stage.thread(CHANNEL)
