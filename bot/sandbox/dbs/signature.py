"""Alibaba Cloud's two signatures, as pure functions: ACS3-HMAC-SHA256 and RPC 1.0 with HMAC-SHA1.

Source: the vendor's pages on the V3 and the RPC signature; its published ACS3 vector is a test.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from bot.sandbox.dbs.call import Call, Pairs
from bot.sandbox.dbs.errors import GatewayError

ACS3 = "ACS3-HMAC-SHA256"
_SECRET_NAMES = ("password", "securitytoken", "security-token")
_MASK = "****"


@dataclass(frozen=True)
class Authorization:
    """The `Authorization` header of an ACS3 request."""

    key_id: str
    signed_headers: tuple[str, ...]
    signature: str


def parse_authorization(header: str) -> Authorization:
    """Read `ACS3-HMAC-SHA256 Credential=<id>,SignedHeaders=<a;b>,Signature=<hex>`."""
    algorithm, _, rest = header.partition(" ")
    fields = dict(part.strip().partition("=")[::2] for part in rest.split(","))
    if algorithm != ACS3 or fields.keys() != {"Credential", "SignedHeaders", "Signature"}:
        raise GatewayError(
            "IncompleteSignature", f"The request signature does not conform to standards: {ACS3} is expected."
        )
    names = tuple(name.lower() for name in fields["SignedHeaders"].split(";"))
    return Authorization(fields["Credential"], names, fields["Signature"])


def acs3_canonical_request(
    method: str, query: Pairs, headers: Mapping[str, str], signed_headers: Iterable[str], body: bytes
) -> str:
    names = sorted(signed_headers)
    lines = "".join(f"{name}:{headers.get(name, '')}\n" for name in names)
    return "\n".join([method, "/", canonical_query(query), lines, ";".join(names), _sha256(body)])


def acs3_string_to_sign(canonical_request: str) -> str:
    return f"{ACS3}\n{_sha256(canonical_request.encode())}"


def acs3_signature(secret: str, string_to_sign: str) -> str:
    return hmac.new(secret.encode(), string_to_sign.encode(), hashlib.sha256).hexdigest()


def rpc_string_to_sign(method: str, pairs: Pairs) -> str:
    signed = tuple(pair for pair in pairs if pair[0] != "Signature")
    return f"{method}&%2F&{_encode(canonical_query(signed))}"


def rpc_signature(secret: str, string_to_sign: str) -> str:
    digest = hmac.new(f"{secret}&".encode(), string_to_sign.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def canonical_query(pairs: Pairs) -> str:
    """The parameters sorted by name, percent-encoded as RFC 3986 wants it (unreserved: `A-Za-z0-9-_.~`)."""
    return "&".join(f"{name}={value}" for name, value in sorted((_encode(n), _encode(v)) for n, v in pairs))


@dataclass(frozen=True)
class Expected:
    """The right signature of a call, and what the server signed, with every secret in it masked."""

    signature: str
    signed: str


def expected_signature(call: Call, secret: str, signed_headers: tuple[str, ...]) -> Expected:
    if not call.is_acs3:
        pairs = call.query + call.form
        signature = rpc_signature(secret, rpc_string_to_sign(call.method, pairs))
        shown = rpc_string_to_sign(call.method, _masked(pairs))
        return Expected(signature, f"server StringToSign is [{shown}]")
    canonical = acs3_canonical_request(call.method, call.query, call.headers, signed_headers, call.body)
    string_to_sign = acs3_string_to_sign(canonical)
    query, headers = _masked(call.query), dict(_masked(tuple(call.headers.items())))
    shown = acs3_canonical_request(call.method, query, headers, signed_headers, call.body)
    return Expected(
        acs3_signature(secret, string_to_sign),
        f"server StringToSign is [{string_to_sign}] server CanonicalRequest is [{shown}]",
    )


def _masked(pairs: Pairs) -> Pairs:
    return tuple((name, _MASK if name.lower().endswith(_SECRET_NAMES) else value) for name, value in pairs)


def _encode(text: str) -> str:
    return quote(text, safe="")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
