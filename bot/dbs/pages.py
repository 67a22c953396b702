"""Reading a list to its end, page by page, without trusting it to have one."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog

log = structlog.get_logger(__name__)

T = TypeVar("T")

#: Pages are read one after the other, 100 items each; beyond this many something is wrong.
MOST_PAGES = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page. `sent` counts its items as they came, `items` are those that could be read."""

    items: tuple[T, ...]
    sent: int
    total_pages: int | None = None


async def all_pages(fetch: Callable[[int], Awaitable[Page[T]]], *, key: Callable[[T], str]) -> tuple[T, ...]:
    """The items of all pages from page 0 on, each key once, in order of appearance.

    Ends after `total_pages`, at an empty page, or at a page without anything new. Where DBS gives no total,
    only the latter two tell.
    """
    found: dict[str, T] = {}
    for number in range(MOST_PAGES):
        page = await fetch(number)
        fresh = {key(item): item for item in page.items if key(item) not in found}
        found |= fresh
        repeated = bool(page.items) and not fresh
        last = page.total_pages is not None and number + 1 >= page.total_pages
        if page.sent == 0 or repeated or last:
            break
    else:
        log.warning("dbs.list_too_long", pages=MOST_PAGES, items=len(found))
    return tuple(found.values())
