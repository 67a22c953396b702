"""The vendor's RPC 1.0 signature, written once more and without the code it is held against."""

import base64
import hashlib
import hmac
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote


def common(action: str) -> dict[str, str]:
    """The parameters that every call has."""
    return {
        "Action": action,
        "Version": "2019-03-06",
        "Format": "JSON",
        "AccessKeyId": "sandbox",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": uuid.uuid4().hex,
        "Timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def signed(method: str, secret: str, parameters: Mapping[str, str | None]) -> dict[str, str]:
    """The parameters that are given, with their signature."""
    given = {name: value for name, value in parameters.items() if value is not None}
    to_sign = f"{method}&%2F&{quote(query(given), safe='~')}"
    digest = hmac.new(f"{secret}&".encode(), to_sign.encode(), hashlib.sha1).digest()
    return {"Signature": base64.b64encode(digest).decode(), **given}


def query(parameters: Mapping[str, str]) -> str:
    """The parameters in order, encoded as the signature wants them."""
    return "&".join(
        f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in sorted(parameters.items())
    )
