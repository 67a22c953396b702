"""App Home: published when it is opened, and again when something changes, for whoever looks."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.restores.models import RequestState
from bot.restores.ports import Home
from bot.sandbox.slack import Person
from bot.slack import homes as homes_module
from bot.slack.home import OPEN_FORM
from bot.slack.homes import APIECE, AT_ONCE, EVERY, OPEN_FOR, OpenHomes
from tests.scenario.delivering import Client, Desk, delivering, once
from tests.scenario.homes import PUBLISH, alice_of, look, of, shown
from tests.scenario.stage import PATIENCE, Stage

A_MOMENT = timedelta(seconds=1)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with delivering(tmp_path) as desk:
        yield desk


@pytest.fixture
def homes(desk: Desk) -> OpenHomes:
    return of(desk.me)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Home may be published as often as it changes."""
    monkeypatch.setattr(homes_module, "EVERY", timedelta(seconds=0.01))
    monkeypatch.setattr(homes_module, "APIECE", timedelta())


# Publishing, turn by turn


async def test_a_home_that_is_opened_is_published_once_until_something_changes(
    desk: Desk, homes: OpenHomes
) -> None:
    request = await desk.request()
    look(homes, alice_of(desk))
    assert await homes.refresh() == desk.time + EVERY
    assert "orders → rm-1" in shown(alice_of(desk))
    desk.time += EVERY
    assert await homes.refresh() is None
    assert desk.calls(PUBLISH) == 1
    await desk.happened(request, 40)
    await homes.refresh()
    assert "40 %" in shown(alice_of(desk))
    assert desk.calls(PUBLISH) == 2


async def test_nobody_looks_and_nothing_is_asked_of_slack(desk: Desk, homes: OpenHomes) -> None:
    before = len(desk.workspace.journal)
    await desk.request()
    assert await homes.refresh() is None
    assert len(desk.workspace.journal) == before


async def test_a_home_is_published_every_ten_seconds_at_most(desk: Desk, homes: OpenHomes) -> None:
    request = await desk.request()
    look(homes, alice_of(desk))
    for percent in range(20):
        await desk.happened(request, percent)
        await homes.refresh()
        desk.time += A_MOMENT
    assert desk.calls(PUBLISH) == 2
    desk.time += EVERY
    await homes.refresh()
    assert "19 %" in shown(alice_of(desk))


async def test_everybody_sees_their_own_restores_and_those_of_the_team(desk: Desk, homes: OpenHomes) -> None:
    await desk.request()
    ben = desk.workspace.person("ben")
    look(homes, ben)
    look(homes, alice_of(desk))
    await homes.refresh()
    assert "My active restores (1)" in shown(alice_of(desk))
    assert "Nobody else restores anything" in shown(alice_of(desk))
    assert "The team's active restores (1)" in shown(ben)
    assert "You have no restore under way" in shown(ben)


async def test_what_was_given_up_has_ended_and_is_not_active(desk: Desk, homes: OpenHomes) -> None:
    request = await desk.request()
    await desk.store.save_request(request.evolve(state=RequestState.CREATED, start=False), desk.time)
    await desk.told_of(request, status="check_pass")
    await desk.store.give_up("s1", "U0BENOKORO1", desk.time, wanted=lambda _: True)
    look(homes, alice_of(desk))
    await homes.refresh()
    _, _, ended = shown(alice_of(desk)).partition("Lately ended")
    assert "*Given up* by <@U0BENOKORO1>" in ended
    assert "You have no restore under way" in shown(alice_of(desk))


async def test_a_thread_is_linked_by_the_address_slack_gives_it(desk: Desk, homes: OpenHomes) -> None:
    await desk.request()
    await desk.deliver()
    look(homes, alice_of(desk))
    await homes.refresh()
    (card,) = desk.workspace.messages("#db-oncall")
    channel = desk.channels["#db-oncall"]
    link = (await desk.client.chat_getPermalink(channel=channel, message_ts=card["ts"]))["permalink"]
    assert f"<{link}|orders → rm-1>" in shown(alice_of(desk))


async def test_without_the_address_of_the_workspace_a_home_has_no_links_and_all_else(
    desk: Desk, homes: OpenHomes
) -> None:
    await desk.request()
    await desk.deliver()
    desk.client.fault = once("auth.test", "internal_error")
    look(homes, alice_of(desk))
    await homes.refresh()
    assert "archives" not in shown(alice_of(desk))
    assert "*orders → rm-1*" in shown(alice_of(desk))
    desk.time += EVERY
    await homes.refresh()
    assert "archives" in shown(alice_of(desk))


async def test_a_home_that_shows_nothing_is_published_whatever_it_showed_before(
    desk: Desk, homes: OpenHomes
) -> None:
    alice = alice_of(desk)
    for empty, calls in ((True, 1), (False, 1), (True, 2)):
        look(homes, alice, empty=empty)
        await homes.refresh()
        desk.time += EVERY
        assert desk.calls(PUBLISH) == calls


async def test_a_home_nobody_opened_for_a_day_is_left_alone(desk: Desk, homes: OpenHomes) -> None:
    look(homes, alice_of(desk))
    await homes.refresh()
    await desk.request()
    desk.time += OPEN_FOR + A_MOMENT
    assert await homes.refresh() is None
    assert desk.calls(PUBLISH) == 1


async def test_two_workers_publish_what_one_of_them_would(desk: Desk, homes: OpenHomes) -> None:
    other = of(await desk.worker())
    request = await desk.request()
    look(homes, alice_of(desk))
    await homes.refresh()
    await other.refresh()
    assert desk.calls(PUBLISH) == 1
    desk.time += EVERY
    await desk.happened(request, 50)
    await other.refresh()
    await homes.refresh()
    assert desk.calls(PUBLISH) == 2


class Crowd(Client):
    """A workspace where everybody has a Home."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:9/")
        self.published: list[str] = []

    async def api_call(self, api_method: str, **options: Any) -> AsyncSlackResponse:
        if api_method == "views.publish":
            arguments = options.get("json") or options.get("params") or {}
            self.published.append(arguments["user_id"])
        data = {"ok": True, "url": "https://team.slack.com/"}
        return AsyncSlackResponse(
            client=None, http_verb="POST", api_url="", req_args={}, data=data, headers={}, status_code=200
        )


async def test_many_homes_are_published_a_few_at_a_time_those_opened_last_in_front(desk: Desk) -> None:
    crowd = Crowd()
    homes = OpenHomes(crowd, desk.store, desk.store, now=lambda: desk.time)
    people = [f"U{number:02}" for number in range(2 * AT_ONCE + 1)]
    for user_id in people:
        homes.opened(user_id, "en", empty=True)
        desk.time += A_MOMENT
    begun = desk.time
    while (due_at := await homes.refresh()) is not None and len(crowd.published) < len(people):
        # A wake-up call changes nothing about that.
        assert await homes.refresh() == due_at
        desk.time = due_at
    assert crowd.published == people[::-1]
    assert desk.time - begun == 2 * AT_ONCE * APIECE


async def test_a_home_is_remembered_with_the_language_of_its_person(desk: Desk) -> None:
    for language in ("en", "cn"):
        await desk.store.home_opened("U1", desk.time, language, empty=False)
    await desk.store.home_shown("U1", "digest")
    expected = Home("U1", "digest", "cn")
    assert await desk.store.open_homes(desk.time) == [expected]


# The whole bot


async def test_the_form_is_opened_from_home_and_the_restore_followed_there(
    stage: Stage, at_once: None
) -> None:
    async def until_shown(person: Person, words: str) -> None:
        await stage.workspace.until(lambda: words in shown(person), within=PATIENCE)

    async with stage.bot():
        stage.alice.open_home()
        stage.ben.open_home()
        await until_shown(stage.alice, "You have no restore under way")
        assert stage.alice.home is not None
        await stage.alice.choose(stage.alice.home["blocks"][0]["block_id"], OPEN_FORM)
        await stage.workspace.until(lambda: "1/3" in stage.title)
        await stage.alice.close()
        await stage.restore("orders-prod")
        await until_shown(stage.alice, "My active restores (1)")
        await until_shown(stage.ben, "The team's active restores (1)")
        await stage.play(until="50 %")
        await until_shown(stage.alice, "*Running*")
        await stage.play(until="finished")
        await until_shown(stage.alice, "*Finished*")
        await until_shown(stage.ben, "*Finished*")
        # The lists of a Home are read one after the other: one that just ended may be in two of them.
        for person in (stage.alice, stage.ben):
            await until_shown(person, "You have no restore under way")
            await until_shown(person, "Nor has anybody else")


async def test_only_the_tab_with_the_home_is_published(stage: Stage) -> None:
    async with stage.bot():
        stage.alice.open_im()
        stage.ben.open_home()
        await stage.workspace.until(lambda: stage.ben.home)
        assert stage.alice.home is None
        locale = [call.arguments for call in stage.workspace.journal if call.name == "users.info"]
        assert [each["user"] for each in locale] == [stage.ben.id]


async def test_homes_opened_before_a_restart_are_kept_current(stage: Stage, at_once: None) -> None:
    async with stage.bot():
        stage.ben.open_home()
        await stage.workspace.until(lambda: stage.ben.home)
    async with stage.bot():
        await stage.restore("orders-prod")
        await stage.workspace.until(lambda: "team's active restores (1)" in shown(stage.ben))
