"""Several accounts of Alibaba Cloud, each with its own key and its own DBS."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from bot.app import RestoreBot
from bot.errors import ConfigurationError
from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import LocalDbs
from tests.cards import cards
from tests.scenario.desk import drafted
from tests.scenario.stage import PATIENCE, Stage, started

FILE = """
[accounts.eu]
region = "eu-central-1"
access_key_id = "eu"
access_key_secret_env = "EU_SECRET"
endpoint = "{endpoint}"
"""


class Two:
    """A stage with a second account, `eu`."""

    def __init__(self, stage: Stage, eu: LocalDbs, clock: SimulatedClock, file: Path) -> None:
        self.stage = stage
        self.eu = eu
        self.clock = clock
        self.file = file

    def configure(self, text: str) -> None:
        self.file.write_text(text)

    def seal_passwords(self) -> None:
        """Typed passwords survive a restart."""
        key = SecretStr(Fernet.generate_key().decode())
        self.stage.settings = self.stage.settings.model_copy(update={"restorebot_secret_key": key})

    async def submit(self, bot: RestoreBot, account: str, plan_name: str, nonce: str) -> None:
        dbs = self.eu if account == "eu" else self.stage.dbs
        plan = next(plan for plan in dbs.estate.plans if plan.name == plan_name)
        await bot.service.submit(drafted(plan, nonce, account=account, start=True))

    async def an_hour_passes(self) -> None:
        """For tasks that run."""
        await started(self.stage.dbs)
        await started(self.eu)
        self.stage.clock.advance(3600)
        self.clock.advance(3600)

    async def until_told(self, *words: str) -> None:
        """Until all of it stands in some thread."""
        await self.stage.workspace.until(lambda: all(each in self.texts() for each in words), within=PATIENCE)

    def texts(self) -> str:
        channel = "#db-oncall"
        roots = cards(self.stage.workspace.messages(channel))
        threads = [self.stage.workspace.thread(channel, card["ts"])[1:] for card in roots]
        return "\n".join(message["text"] for thread in threads for message in thread)


@pytest.fixture
async def two(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Two]:
    monkeypatch.setenv("EU_SECRET", "eu-secret")
    later = SimulatedClock(speed=0)
    later.advance(1)  # so that the ids of its tasks are its own
    eu = LocalDbs(clock=later, access_key_id="eu", access_key_secret="eu-secret")
    async with eu.serve() as url:
        made = Two(stage, eu, later, tmp_path / "bot.toml")
        made.configure(FILE.format(endpoint=url))
        stage.settings = stage.settings.model_copy(update={"restorebot_config": made.file})
        yield made


async def test_a_restore_goes_through_the_account_of_its_plan_to_its_end(two: Two) -> None:
    async with two.stage.bot() as bot:
        await two.submit(bot, "eu", "orders-prod", "a" * 32)
        await two.submit(bot, "default", "billing-prod", "b" * 32)
        await two.stage.workspace.until(lambda: two.texts().count("created the task") == 2, within=PATIENCE)
        assert [task.plan.name for task in two.eu.tasks] == ["orders-prod"]
        assert [task.plan.name for task in two.stage.dbs.tasks] == ["billing-prod"]
        await two.an_hour_passes()
        await two.until_told("The restore finished", "The restore failed")


async def test_promise_9_an_account_that_fails_touches_no_other(two: Two) -> None:
    async with two.stage.bot() as bot:
        two.stage.dbs.faults.add("error", "*", code="Forbidden.RAM")
        await two.submit(bot, "default", "orders-prod", "a" * 32)
        await two.submit(bot, "eu", "orders-prod", "b" * 32)
        await two.stage.workspace.until(lambda: "created the task" in two.texts(), within=PATIENCE)
        await two.an_hour_passes()
        await two.until_told("The restore finished")
    assert two.stage.dbs.tasks == ()


async def test_what_goes_through_an_account_that_is_gone_waits_and_says_so_and_goes_on_later(
    two: Two, capsys: pytest.CaptureFixture[str]
) -> None:
    configured = two.file.read_text()
    two.seal_passwords()
    async with two.stage.bot() as bot:
        await two.submit(bot, "eu", "orders-prod", "a" * 32)
        await two.stage.workspace.until(lambda: "created the task" in two.texts(), within=PATIENCE)
        two.eu.faults.add("close_before", "*")
        await two.submit(bot, "eu", "inventory-prod", "b" * 32)
    two.eu.faults.clear()
    two.configure("")
    capsys.readouterr()
    seen = len(two.eu.journal)
    async with two.stage.bot() as bot:
        await two.stage.until_card("account eu is not configured any more")
        await asyncio.gather(*(bot._settler.settle() for _ in range(3)))  # noqa: SLF001 - turns at once
        await asyncio.gather(*(bot._poller.round() for _ in range(3)))  # noqa: SLF001
    assert len(two.eu.journal) == seen, "nothing was asked with another key"
    said = capsys.readouterr().out
    assert said.count("tasks wait for dbs") == 1
    two.configure(configured)
    async with two.stage.bot():
        await two.stage.workspace.until(lambda: two.texts().count("created the task") == 2, within=PATIENCE)
        await two.an_hour_passes()
        await two.until_told("The restore finished", "Precheck failed")


async def test_the_list_shows_the_plans_of_all_accounts(two: Two) -> None:
    async with two.stage.bot() as bot:
        found = await bot.catalog.plans("orders-prod")
        assert [(plan.name, plan.account) for plan in found.plans] == [
            ("orders-prod", "default"),
            ("orders-prod", "eu"),
        ]
        two.eu.faults.add("error", "*", code="Forbidden.RAM")
        plan, windows = await bot.catalog.plan(found.plans[0].backup_plan_id, "default")
        assert plan.account == "default"
        assert windows


async def test_a_key_that_cannot_be_sent_is_named_with_its_account(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EU_SECRET", "canary with blanks")
    with pytest.raises(ConfigurationError, match=r"\[accounts\.eu\] The AccessKey secret") as raised:
        async with two.stage.bot():
            pass
    assert "canary" not in str(raised.value)
