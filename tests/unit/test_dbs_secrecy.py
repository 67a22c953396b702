"""Promise 7, secrets stay secret: the masking, and httpx's habit of logging URLs."""

import html
import json
import logging
from urllib.parse import quote, quote_plus

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.dbs.secrecy import quiet_http_logs, redact
from bot.dbs.signing import encode

PASSWORD = "p@ss w/ö\"rd<&>'+%"


@pytest.mark.parametrize(
    "echo",
    [
        PASSWORD,
        PASSWORD.upper(),
        quote(PASSWORD),
        quote(PASSWORD, safe="@<&'+"),
        encode(PASSWORD),
        encode(PASSWORD).lower(),
        encode(encode(PASSWORD)),
        quote_plus(PASSWORD),
        json.dumps(PASSWORD)[1:-1],
        json.dumps(PASSWORD, ensure_ascii=False)[1:-1],
        html.escape(PASSWORD),
    ],
)
def test_a_secret_is_masked_in_every_form_it_may_be_echoed_in(echo: str) -> None:
    assert redact(f"value [{echo}] is bad", [SecretStr(PASSWORD)]) == "value [***] is bad"


def test_all_secrets_are_masked_and_an_empty_one_masks_nothing() -> None:
    said = redact("one two three", [SecretStr("one"), SecretStr(""), SecretStr("two")])
    assert said == "*** *** three"
    assert redact("nothing", []) == "nothing"
    assert redact("nothing", [SecretStr("")]) == "nothing"


def test_a_secret_that_holds_another_is_masked_whole() -> None:
    assert redact("abcdef", [SecretStr("cd"), SecretStr("abcdef")]) == "***"


@given(st.text(alphabet=st.characters(exclude_characters="*"), min_size=3), st.text())
def test_no_secret_survives(secret: str, around: str) -> None:
    assert secret not in redact(f"{around}{secret}{around}", [SecretStr(secret)])


async def test_httpx_logs_no_url_even_at_debug(caplog: pytest.LogCaptureFixture) -> None:
    quiet_http_logs()
    quiet_http_logs()
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.DEBUG)
    transport = httpx.MockTransport(lambda _: httpx.Response(200))
    async with httpx.AsyncClient(transport=transport) as client:
        await client.post("https://dbs.example/?DestinationEndpointPassword=CANARY")
    assert "CANARY" not in caplog.text
    logging.getLogger("httpx").warning("still heard")
    assert "still heard" in caplog.text
