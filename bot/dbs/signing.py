"""The signature ACS3-HMAC-SHA256 as pure functions.

Source: "V3 request structure and signature" in Alibaba Cloud's SDK documentation.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from urllib.parse import quote

ALGORITHM = "ACS3-HMAC-SHA256"


def encode(text: str) -> str:
    """`text` percent-encoded as RFC 3986 has it. Total: even a lone surrogate is encoded."""
    return quote(text, safe="-_.~", errors="surrogatepass")


def canonical_query(parameters: Iterable[tuple[str, str]]) -> str:
    """The query string that is signed, and sent exactly so."""
    return "&".join(f"{encode(name)}={encode(value)}" for name, value in sorted(parameters))


def sha256_hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def signed_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Those of `headers` that a signature covers, lower case and sorted."""
    lower = {name.lower(): value.strip() for name, value in headers.items()}
    covered = (name for name in lower if name in {"host", "content-type"} or name.startswith("x-acs-"))
    return {name: lower[name] for name in sorted(covered)}


def canonical_request(method: str, path: str, query: str, headers: Mapping[str, str], body_hash: str) -> str:
    """The text a signature is made of. `headers` are `signed_headers`, `query` is a `canonical_query`."""
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    return "\n".join([method, path or "/", query, lines, ";".join(headers), body_hash])


def sign(canonical: str, secret: str) -> str:
    """The signature of a canonical request, in hex."""
    string_to_sign = f"{ALGORITHM}\n{sha256_hex(canonical.encode())}"
    return hmac.new(secret.encode(), string_to_sign.encode(), hashlib.sha256).hexdigest()


def authorization(access_key_id: str, headers: Iterable[str], signature: str) -> str:
    """The value of the header `Authorization`."""
    return f"{ALGORITHM} Credential={access_key_id},SignedHeaders={';'.join(headers)},Signature={signature}"
