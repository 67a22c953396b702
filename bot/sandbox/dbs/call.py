"""One HTTP request as it arrived, before any of it is believed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

Pairs = tuple[tuple[str, str], ...]

# What the RPC style puts beside an action's own parameters.
_PROTOCOL_PARAMETERS = frozenset({
    "Action", "Version", "Format", "AccessKeyId", "Signature", "SignatureMethod", "SignatureVersion",
    "SignatureNonce", "SignatureType", "Timestamp", "SecurityToken",
})  # fmt: skip


@dataclass(frozen=True)
class Call:
    """Header names are in lower case. Query, form and body can hold a password and stay out of the repr."""

    method: str
    headers: Mapping[str, str]
    query: Pairs = field(repr=False)
    form: Pairs = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def is_acs3(self) -> bool:
        """Is this the ACS3 style (all in headers)? Otherwise it is RPC 1.0 (all in parameters)."""
        return "authorization" in self.headers or not (
            {"Action", "Signature", "AccessKeyId"} & self.given.keys()
        )

    @property
    def given(self) -> dict[str, str]:
        """Everything in query and form by name."""
        return dict(self.query + self.form)

    @property
    def action(self) -> str:
        return (
            self.headers.get("x-acs-action", "") if self.is_acs3 else self.given.get("Action", "")
        ).strip()

    @property
    def parameters(self) -> dict[str, str]:
        """The action's own parameters."""
        return {name: value for name, value in self.given.items() if name not in _PROTOCOL_PARAMETERS}

    @property
    def wants_xml(self) -> bool:
        """RPC answers in XML and ACS3 in JSON, unless `Format` says otherwise."""
        wish = self.given.get("Format", "").upper()
        return wish != "JSON" and (wish == "XML" or not self.is_acs3)


def read_call(method: str, query_string: str, headers: Mapping[str, str], body: bytes) -> Call:
    """Take a request apart. The query string is the one on the wire, still percent-encoded."""
    lowered = {name.lower(): value.strip() for name, value in headers.items()}
    is_form = lowered.get("content-type", "").startswith("application/x-www-form-urlencoded")
    form = body.decode("utf-8", "replace") if is_form else ""
    return Call(method, lowered, _pairs(query_string), _pairs(form), body)


def _pairs(text: str) -> Pairs:
    return tuple(parse_qsl(text, keep_blank_values=True))
