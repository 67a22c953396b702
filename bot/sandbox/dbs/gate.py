"""The API gateway's gate: who calls, is it signed, is it fresh, is it new."""

import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from bot.sandbox.dbs.call import Call
from bot.sandbox.dbs.errors import GatewayError, missing_at_gateway
from bot.sandbox.dbs.schema import SCHEMAS
from bot.sandbox.dbs.signature import expected_signature, parse_authorization

VERSION = "2019-03-06"
TOO_LARGE = GatewayError("RequestBodyTooLarge", "The request body is too large.")
UNREADABLE = GatewayError("InvalidRequestBody", "The request body is not encoded as its headers say.")
CLOCK_TOLERANCE = 15 * 60
"""Seconds a request's timestamp may be off real time, either way."""


@dataclass(frozen=True)
class Credentials:
    key_id: str
    secret: str = field(repr=False)
    security_token: str | None = field(repr=False, default=None)


@dataclass(frozen=True)
class Claim:
    """Who a call says it is from, and how it proves that."""

    key_id: str
    signature: str
    timestamp: str
    nonce: str
    version: str
    signed_headers: tuple[str, ...]
    security_token: str | None = field(repr=False)


def check_http(method: str, path: str) -> GatewayError | None:
    """What is wrong with a request before anybody reads it: DBS knows two methods and one path."""
    if path != "/":
        return GatewayError(
            "InvalidAction.NotFound", "Specified api is not found, please check your url and method."
        )
    if method not in {"GET", "POST"}:
        return GatewayError("UnsupportedHTTPMethod", "This http method is not supported.")
    return None


class Gate:
    """Lets a call pass or raises GatewayError; remembers the nonces of those it let pass."""

    def __init__(self, credentials: Credentials, real_time: Callable[[], float] = time.time) -> None:
        self._credentials = credentials
        self._real_time = real_time
        self._nonces: set[str] = set()

    def claim(self, call: Call) -> Claim:
        """What a call claims, if it is one that could pass at some time."""
        claim = _acs3_claim(call) if call.is_acs3 else _rpc_claim(call)
        _check_action(call.action, claim.version)
        if claim.key_id != self._credentials.key_id:
            raise GatewayError("InvalidAccessKeyId.NotFound", "Specified access key is not found.")
        return claim

    def admit(self, call: Call, claim: Claim, *, ahead: float = 0) -> None:
        """`ahead` is how many seconds the gateway's own clock is ahead."""
        if abs(self._real_time() + ahead - _epoch(claim.timestamp)) > CLOCK_TOLERANCE:
            raise GatewayError("InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")
        self._check_signature(call, claim)
        self._check_token(claim.security_token)
        self._use_nonce(claim.nonce)

    def _check_signature(self, call: Call, claim: Claim) -> None:
        if call.is_acs3 and call.headers["x-acs-content-sha256"] != sha256(call.body).hexdigest():
            raise GatewayError(
                "SignatureDoesNotMatch", "The header x-acs-content-sha256 is not the SHA-256 of the body."
            )
        expected = expected_signature(call, self._credentials.secret, claim.signed_headers)
        if not hmac.compare_digest(expected.signature.encode(), claim.signature.encode()):
            raise GatewayError(
                "SignatureDoesNotMatch",
                f"Specified signature does not match our calculation. {expected.signed}",
            )

    def _check_token(self, token: str | None) -> None:
        wanted = self._credentials.security_token
        if wanted is not None and not token:
            raise missing_at_gateway("SecurityToken")
        if not hmac.compare_digest((token or "").encode(), (wanted or "").encode()):
            raise GatewayError(
                "InvalidSecurityToken.MismatchWithAccessKey",
                "Specified SecurityToken mismatches with the AccessKeyId.",
            )

    def _use_nonce(self, nonce: str) -> None:
        # Remembered for good: a clock that is off can make any timestamp fresh again.
        if nonce in self._nonces:
            raise GatewayError("SignatureNonceUsed", "Specified signature nonce was used already.")
        self._nonces.add(nonce)


def _acs3_claim(call: Call) -> Claim:
    headers = call.headers
    for header, name in (
        ("x-acs-action", "Action"),
        ("x-acs-version", "Version"),
        ("authorization", "Authorization"),
        ("host", "Host"),
        ("x-acs-date", "Timestamp"),
        ("x-acs-signature-nonce", "SignatureNonce"),
        ("x-acs-content-sha256", "ContentSha256"),
    ):
        if not headers.get(header):
            raise missing_at_gateway(name)
    authorization = parse_authorization(headers["authorization"])
    # Not content-type, though the vendor's page lists it: over aiohttp its own SDK leaves that unsigned.
    must_sign = {name for name in headers if name.startswith("x-acs-")} | {"host"}
    if unsigned := must_sign - set(authorization.signed_headers):
        raise GatewayError(
            "IncompleteSignature", f"Not among the SignedHeaders: {', '.join(sorted(unsigned))}."
        )
    return Claim(
        key_id=authorization.key_id,
        signature=authorization.signature,
        timestamp=headers["x-acs-date"],
        nonce=headers["x-acs-signature-nonce"],
        version=headers["x-acs-version"],
        signed_headers=authorization.signed_headers,
        security_token=headers.get("x-acs-security-token"),
    )


def _rpc_claim(call: Call) -> Claim:
    given = call.given
    for name in (
        "Action",
        "Version",
        "AccessKeyId",
        "Signature",
        "SignatureMethod",
        "SignatureVersion",
        "SignatureNonce",
        "Timestamp",
    ):
        if not given.get(name):
            raise missing_at_gateway(name)
    if (given["SignatureMethod"], given["SignatureVersion"]) != ("HMAC-SHA1", "1.0"):
        raise GatewayError("IncompleteSignature", "HMAC-SHA1 of SignatureVersion 1.0 is expected.")
    return Claim(
        key_id=given["AccessKeyId"],
        signature=given["Signature"],
        timestamp=given["Timestamp"],
        nonce=given["SignatureNonce"],
        version=given["Version"],
        signed_headers=(),
        security_token=given.get("SecurityToken"),
    )


def _check_action(action: str, version: str) -> None:
    if version != VERSION:
        raise GatewayError("InvalidVersion", "Specified parameter Version is not valid.")
    if action not in SCHEMAS:
        raise GatewayError(
            "InvalidAction.NotFound", "Specified api is not found, please check your url and method."
        )


def _epoch(timestamp: str) -> float:
    try:
        return datetime.strptime(timestamp, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise GatewayError(
            "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted."
        ) from None
