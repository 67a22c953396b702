"""Signatures: the vendor's published vector, and what makes each try its own."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qsl

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.dbs.auth import Acs3Auth, Credentials, random_nonce
from bot.dbs.signing import canonical_query, canonical_request, encode, sha256_hex, sign, signed_headers
from bot.errors import ConfigurationError

EMPTY_BODY = sha256_hex(b"")
VECTOR_TIME = datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC)
VECTOR_NONCE = "3156853299f313e23d1673dc12e1703d"
VECTOR_HASH = "7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259"
VECTOR_SIGNATURE = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
VECTOR_HEADERS = {
    "host": "ecs.cn-shanghai.aliyuncs.com",
    "x-acs-action": "RunInstances",
    "x-acs-version": "2014-05-26",
}
VECTOR_QUERY = [
    ("RegionId", "cn-shanghai"),
    ("ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"),
]
CREDENTIALS = Credentials("YourAccessKeyId", SecretStr("YourAccessKeySecret"))


def signed(auth: Acs3Auth, request: httpx.Request) -> httpx.Request:
    return next(auth.auth_flow(request))


def vector_request() -> httpx.Request:
    url = f"https://ecs.cn-shanghai.aliyuncs.com/?{canonical_query(VECTOR_QUERY)}"
    return httpx.Request("POST", url, headers=VECTOR_HEADERS)


def test_the_published_vector_gives_the_published_hash_and_signature() -> None:
    headers = signed_headers(
        {
            **VECTOR_HEADERS,
            "x-acs-date": "2023-10-26T10:22:32Z",
            "x-acs-signature-nonce": VECTOR_NONCE,
            "x-acs-content-sha256": EMPTY_BODY,
        }
    )
    canonical = canonical_request("POST", "/", canonical_query(VECTOR_QUERY), headers, EMPTY_BODY)
    assert sha256_hex(canonical.encode()) == VECTOR_HASH
    assert sign(canonical, "YourAccessKeySecret") == VECTOR_SIGNATURE


def test_a_request_of_httpx_is_signed_like_the_published_vector() -> None:
    auth = Acs3Auth(CREDENTIALS, clock=lambda: VECTOR_TIME, nonce=lambda: VECTOR_NONCE)
    request = signed(auth, vector_request())
    names = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version"
    assert request.headers["authorization"] == (
        f"ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders={names},Signature={VECTOR_SIGNATURE}"
    )


def test_the_date_is_sent_in_utc_whatever_zone_the_clock_is_in() -> None:
    zone = timezone(timedelta(hours=8))
    auth = Acs3Auth(CREDENTIALS, clock=lambda: VECTOR_TIME.astimezone(zone), nonce=random_nonce)
    assert signed(auth, vector_request()).headers["x-acs-date"] == "2023-10-26T10:22:32Z"


def test_each_try_of_a_request_has_its_own_nonce_date_and_signature() -> None:
    times: Iterator[datetime] = iter([VECTOR_TIME, VECTOR_TIME + timedelta(seconds=1)])
    auth = Acs3Auth(CREDENTIALS, clock=lambda: next(times))
    request = vector_request()
    first = dict(signed(auth, request).headers)
    second = dict(signed(auth, request).headers)
    for name in ("x-acs-signature-nonce", "x-acs-date", "authorization"):
        assert first[name] != second[name]


def test_a_security_token_is_sent_and_signed() -> None:
    token = Credentials("id", SecretStr("secret"), SecretStr("sts-token"))
    request = signed(Acs3Auth(token), vector_request())
    assert request.headers["x-acs-security-token"] == "sts-token"
    assert "x-acs-security-token" in request.headers["authorization"]


def test_a_query_is_signed_as_sorted_whatever_order_it_was_written_in() -> None:
    auth = Acs3Auth(CREDENTIALS, clock=lambda: VECTOR_TIME, nonce=lambda: VECTOR_NONCE)
    request = httpx.Request(
        "POST", "https://ecs.cn-shanghai.aliyuncs.com", params=dict(VECTOR_QUERY), headers=VECTOR_HEADERS
    )
    assert VECTOR_SIGNATURE in signed(auth, request).headers["authorization"]


def test_only_host_content_type_and_acs_headers_are_signed() -> None:
    headers = {"X-Acs-Action": " A ", "Host": "h", "Accept": "*/*", "Content-Type": "text/plain"}
    assert list(signed_headers(headers).items()) == [
        ("content-type", "text/plain"),
        ("host", "h"),
        ("x-acs-action", "A"),
    ]


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("a b", "a%20b"),
        ("*", "%2A"),
        ("~", "~"),
        ("+/=", "%2B%2F%3D"),
        ("数据库", "%E6%95%B0%E6%8D%AE%E5%BA%93"),
    ],
)
def test_encoding_is_that_of_rfc_3986(text: str, encoded: str) -> None:
    assert encode(text) == encoded


@given(st.dictionaries(st.text(), st.text()))
def test_any_parameters_survive_the_query_and_httpx_leaves_it_as_signed(parameters: dict[str, str]) -> None:
    query = canonical_query(parameters.items())
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogatepass")
    assert pairs == sorted(parameters.items())
    assert httpx.Request("POST", f"https://dbs.example/?{query}").url.query.decode() == query


@pytest.mark.parametrize("broken", ["", "secret\n", "two words", "gehéim"])
def test_credentials_that_no_header_can_carry_are_refused_without_being_shown(broken: str) -> None:
    for access_key_id, secret, token in ((broken, "s", "t"), ("id", broken, "t"), ("id", "s", broken)):
        with pytest.raises(ConfigurationError) as raised:
            Credentials(access_key_id, SecretStr(secret), SecretStr(token))
        assert not broken or broken not in str(raised.value)


def test_credentials_do_not_print_their_secrets() -> None:
    shown = repr(Credentials("id", SecretStr("CANARY"), SecretStr("CANARY")))
    assert "CANARY" not in shown
