"""Who calls, and httpx authentication that signs every single try anew."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl
from uuid import uuid4

import httpx
from pydantic import SecretStr

from bot.dbs.signing import (
    authorization,
    canonical_query,
    canonical_request,
    sha256_hex,
    sign,
    signed_headers,
)
from bot.errors import ConfigurationError
from bot.restores.clock import utc_now


def random_nonce() -> str:
    return uuid4().hex


@dataclass(frozen=True, slots=True)
class Credentials:
    """An AccessKey, with a security token when it is a temporary one.

    They travel in headers, where other characters than visible ASCII would fail late and loudly, so they are
    refused here: ConfigurationError.
    """

    access_key_id: str
    access_key_secret: SecretStr
    security_token: SecretStr | None = None

    def __post_init__(self) -> None:
        _require_visible("AccessKey id", self.access_key_id)
        _require_visible("AccessKey secret", self.access_key_secret.get_secret_value())
        if self.security_token is not None:
            _require_visible("security token", self.security_token.get_secret_value())


def _require_visible(name: str, value: str) -> None:
    if not value or not all("!" <= character <= "~" for character in value):
        raise ConfigurationError(f"The {name} is empty, or holds a space or a character that is not ASCII.")


class Acs3Auth(httpx.Auth):
    """Signs a request with ACS3-HMAC-SHA256: a fresh date and nonce each time it is sent.

    `x-acs-action` and `x-acs-version` are expected among the request's headers.
    """

    requires_request_body = True

    def __init__(
        self,
        credentials: Credentials,
        *,
        clock: Callable[[], datetime] = utc_now,
        nonce: Callable[[], str] = random_nonce,
    ) -> None:
        self._credentials = credentials
        self._clock = clock
        self._nonce = nonce

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        body_hash = sha256_hex(request.content)
        request.headers["x-acs-date"] = self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        request.headers["x-acs-signature-nonce"] = self._nonce()
        request.headers["x-acs-content-sha256"] = body_hash
        if self._credentials.security_token is not None:
            request.headers["x-acs-security-token"] = self._credentials.security_token.get_secret_value()
        request.headers["authorization"] = self._authorization(request, body_hash)
        yield request

    def _authorization(self, request: httpx.Request, body_hash: str) -> str:
        headers = signed_headers(request.headers)
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        pairs = parse_qsl(query, keep_blank_values=True, errors="surrogatepass")
        canonical = canonical_request(request.method, path, canonical_query(pairs), headers, body_hash)
        signature = sign(canonical, self._credentials.access_key_secret.get_secret_value())
        return authorization(self._credentials.access_key_id, headers, signature)
