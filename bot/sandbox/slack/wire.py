"""What passes over the wires: JSON objects, and the two kinds of refusal."""

import json
from typing import Any

Json = dict[str, Any]


class SlackError(Exception):
    """A Web API call is refused: `error` is Slack's code, `details` join the answer beside it."""

    def __init__(self, error: str, **details: Any) -> None:
        super().__init__(error)
        self.error = error
        self.details = details

    def to_json(self) -> Json:
        return {"ok": False, "error": self.error, **self.details}


class PersonError(Exception):
    """What a person tried on the page did not work; the sentence is for them."""


def size(value: Json) -> int:
    """Bytes of the value as JSON."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass"))
