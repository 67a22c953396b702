"""What the README and the manifest ask for is what the bot uses: no more and no less."""

import re
from pathlib import Path

from bot.sandbox.slack.installation import DEFAULT_SHORTCUTS
from handlers.shortcuts import SHORTCUT
from tests.scenario.stage import CHANNEL, Stage

ROOT = Path(__file__).parents[2]
POLICY = set(re.findall(r'"dbs:(\w+)"', (ROOT / "README.md").read_text()))
MANIFEST = (ROOT / "manifest.yml").read_text()
SCOPES = set(re.findall(r"^      - (\S+)$", MANIFEST, re.MULTILINE))

#: Scopes a method may need, for channels of every kind. Source: Slack's method pages.
SCOPES_OF = {
    "auth.test": set(),
    "apps.connections.open": set(),
    "views.open": set(),
    "views.update": set(),
    "views.publish": set(),
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "users.info": {"users:read"},
    "conversations.info": {"channels:read", "groups:read", "im:read"},
    "conversations.join": {"channels:join"},
    "conversations.open": {"im:write"},
    "conversations.history": {"channels:history", "groups:history", "im:history"},
    "conversations.replies": {"channels:history", "groups:history", "im:history"},
}


async def test_the_ram_policy_names_the_actions_the_bot_calls(stage: Stage) -> None:
    async with stage.bot():
        await stage.open_form("billing-prod")
        await stage.put("choice", "backup_set")
        (newest, *_) = await stage.alice.options(stage.block("backup_set_id"), "backup_set_id")
        await stage.to_step("where", backup_set_id=newest)
        assert await stage.alice.options(stage.block("region"), "region")
        await stage.put("location", "Agent")
        assert await stage.alice.options(stage.block("backup_gateway_id"), "backup_gateway_id")
        await stage.put("location", "RDS")
        assert await stage.submit() == {}
        await stage.play(until="The restore failed")
    assert {request.name for request in stage.dbs.journal} == POLICY


async def test_the_manifest_asks_for_the_scopes_of_the_methods_the_bot_calls(stage: Stage) -> None:
    async with stage.bot():
        await stage.alice.say("#random", "/restore")
        await stage.workspace.until(
            lambda: any(call.name == "conversations.join" for call in stage.workspace.journal)
        )
        await stage.alice.close()
        stage.alice.open_home()
        await stage.workspace.until(lambda: stage.alice.home)
        await stage.restore("orders-prod")
        await stage.until_told("created the task")
    called = {call.name for call in stage.workspace.journal}
    # What is in doubt is looked for in Slack: see the tests of delivery. And of those who follow by message.
    elsewhere = {"conversations.history", "conversations.replies", "conversations.open"}
    assert called | elsewhere == SCOPES_OF.keys()
    assert set().union({"commands"}, *SCOPES_OF.values()) == SCOPES
    assert stage.thread(CHANNEL)


def test_the_manifest_the_bot_and_the_local_workspace_know_the_same_shortcuts() -> None:
    told = re.findall(
        r"    - name: (.+)\n      type: (.+)\n      callback_id: (.+)\n      description: (.+)", MANIFEST
    )
    known = [(each.name, each.type, each.callback_id, each.description) for each in DEFAULT_SHORTCUTS]
    assert told == known
    assert SHORTCUT in {each.callback_id for each in DEFAULT_SHORTCUTS if each.type == "global"}


def test_names_of_shortcuts_are_not_longer_than_slack_allows() -> None:
    assert all(len(each.name) <= 24 for each in DEFAULT_SHORTCUTS)


def test_the_manifest_turns_app_home_on() -> None:
    assert "home_tab_enabled: true" in MANIFEST
    # What is followed by direct message is told there.
    assert "messages_tab_enabled: true" in MANIFEST
