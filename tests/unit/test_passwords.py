"""Typed passwords: held no longer than they may be, and never as they are."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.errors import ConfigurationError
from bot.restores.models import RequestState
from bot.restores.passwords import KEPT, Passwords, fernet
from bot.store.connection import Connection
from bot.store.sqlite import SqliteStore
from tests import values

NONCE = "a" * 32
TYPED = SecretStr("Canary pässwörd \N{KEY} \ud800")


class Held:
    """Passwords over a real store, with a clock that tests set."""

    def __init__(self, store: SqliteStore, key: Fernet | None) -> None:
        self.store = store
        self.time = values.NOON
        self.restart(key)

    def restart(self, key: Fernet | None) -> None:
        self.passwords = Passwords(self.store, key=key, now=lambda: self.time)

    async def submit(self, password: SecretStr = TYPED) -> None:
        sealed = self.passwords.keep(NONCE, password)
        await self.store.add_request(values.request(NONCE), wanted=lambda: True, password=sealed)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    connection = await Connection.open(tmp_path / "bot.db")
    yield SqliteStore(connection)
    await connection.close()


@pytest.fixture(params=[True, False], ids=["with a key", "without a key"])
def held(request: pytest.FixtureRequest, store: SqliteStore) -> Held:
    return Held(store, Fernet(Fernet.generate_key()) if request.param else None)


async def test_a_kept_password_is_given_as_it_was_typed(held: Held) -> None:
    await held.submit()
    assert await held.passwords.get(NONCE) == TYPED
    assert await held.passwords.get("b" * 32) is None


async def test_a_password_is_not_given_after_its_time(held: Held) -> None:
    await held.submit()
    held.time += KEPT - timedelta(seconds=1)
    assert await held.passwords.get(NONCE) == TYPED
    held.time += timedelta(seconds=1)
    assert await held.passwords.get(NONCE) is None


async def test_a_clock_that_is_set_back_does_not_prolong_it(held: Held) -> None:
    await held.submit()
    held.time -= timedelta(hours=1)
    assert await held.passwords.get(NONCE) is None
    await held.passwords.expire()
    assert await held.store.password(NONCE) is None


async def test_typing_it_again_does_not_prolong_it_and_another_does_not_replace_it(held: Held) -> None:
    await held.submit()
    held.time += KEPT / 2
    await held.submit(SecretStr("another"))
    assert await held.passwords.get(NONCE) == TYPED
    held.time += KEPT / 2
    assert await held.passwords.get(NONCE) is None


@pytest.fixture
def sealed(store: SqliteStore) -> Held:
    return Held(store, Fernet(Fernet.generate_key()))


@pytest.mark.parametrize(
    "state",
    [RequestState.CREATED, RequestState.STARTED, RequestState.REFUSED, RequestState.ABANDONED],
)
async def test_promise_7_the_row_goes_with_the_outcome_of_the_creation(
    sealed: Held, state: RequestState
) -> None:
    await sealed.submit()
    await sealed.store.save_request(values.request(NONCE, state=RequestState.CREATING), sealed.time)
    assert await sealed.passwords.get(NONCE) == TYPED
    await sealed.store.save_request(values.request(NONCE, state=state), sealed.time)
    assert await sealed.store.password(NONCE) is None
    await sealed.submit()
    assert await sealed.store.password(NONCE) is None, "the form came again when all was done"


async def test_a_request_nobody_waits_for_leaves_no_row(sealed: Held) -> None:
    kept = sealed.passwords.keep(NONCE, TYPED)
    await sealed.store.add_request(values.request(NONCE), wanted=lambda: False, password=kept)
    assert await sealed.store.password(NONCE) is None


async def test_expired_rows_are_purged_and_others_stay(sealed: Held) -> None:
    await sealed.submit()
    await sealed.passwords.expire()
    assert await sealed.store.password(NONCE) is not None
    sealed.time += KEPT
    await sealed.passwords.expire()
    assert await sealed.store.password(NONCE) is None


async def test_without_the_key_what_an_earlier_process_sealed_is_purged(sealed: Held) -> None:
    await sealed.submit()
    sealed.restart(None)
    await sealed.passwords.expire()
    assert await sealed.store.password(NONCE) is None


async def test_with_another_key_it_cannot_be_read_and_the_log_says_so(sealed: Held) -> None:
    await sealed.submit()
    sealed.restart(Fernet(Fernet.generate_key()))
    with capture_logs() as logs:
        assert await sealed.passwords.get(NONCE) is None
    assert [each["event"] for each in logs] == ["a kept password was encrypted with another key"]


async def test_promise_7_no_file_of_the_database_holds_it(sealed: Held, tmp_path: Path) -> None:
    await sealed.submit()
    files = contents(tmp_path)
    assert {"bot.db", "bot.db-wal"} <= files.keys()
    for content in files.values():
        assert b"Canary" not in content


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_sealed_password_does_not_print_its_token() -> None:
    key = Fernet(Fernet.generate_key())
    kept = Passwords(store=None, key=key).keep(NONCE, TYPED)  # type: ignore[arg-type]  # it is not called
    assert kept is not None
    assert kept.token not in repr(kept)


@pytest.mark.parametrize("key", ["canary", "", "a" * 44, "ä" * 44, "canary " * 8])
def test_a_wrong_key_says_how_to_make_one_and_is_not_quoted(key: str) -> None:
    with pytest.raises(ConfigurationError, match="generate_key") as raised:
        fernet(SecretStr(key))
    assert "canary" not in str(raised.value)
    assert raised.value.__context__ is None


def test_a_right_key_is_taken_with_the_blanks_pasting_adds() -> None:
    key = Fernet.generate_key().decode()
    made = fernet(SecretStr(f" {key}\n"))
    assert made is not None
    assert Fernet(key).decrypt(made.encrypt(b"x")) == b"x"
    assert fernet(None) is None
