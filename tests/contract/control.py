"""Faults that are ordered through the control API."""

from typing import Any

import httpx

from tests.contract.shapes import Ordered


def ordering(faults: str) -> Ordered:
    """Orders faults at this address."""

    async def order(kind: str, **fields: object) -> dict[str, Any]:
        async with httpx.AsyncClient() as http:
            answer = await http.post(faults, json={"kind": kind, **fields})
        assert answer.status_code == 200, answer.text
        fault: dict[str, Any] = answer.json()["fault"]
        return fault

    return order
