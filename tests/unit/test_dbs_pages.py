"""Paging: every item once, and always an end."""

from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from bot.dbs import pages
from bot.dbs.pages import Page, all_pages


class Pages:
    """Answers page numbers from a function and counts how often it was asked."""

    def __init__(self, answer: Callable[[int], Page[str]]) -> None:
        self.answer = answer
        self.asked: list[int] = []

    async def fetch(self, number: int) -> Page[str]:
        self.asked.append(number)
        return self.answer(number)

    async def read(self) -> tuple[str, ...]:
        return await all_pages(self.fetch, key=str.lower)


def page(*items: str, sent: int | None = None, total: int | None = None) -> Page[str]:
    return Page(items, len(items) if sent is None else sent, total)


async def test_pages_are_read_from_zero_to_the_total() -> None:
    source = Pages(lambda number: page(f"a{number}", f"b{number}", total=3))
    assert await source.read() == ("a0", "b0", "a1", "b1", "a2", "b2")
    assert source.asked == [0, 1, 2]


async def test_one_page_is_one_call() -> None:
    source = Pages(lambda _: page("a", total=1))
    assert await source.read() == ("a",)
    assert source.asked == [0]


@pytest.mark.parametrize("total", [0, None, 9])
async def test_an_empty_page_ends_the_list(total: int | None) -> None:
    source = Pages(lambda _: page(total=total))
    assert await source.read() == ()
    assert source.asked == [0]


async def test_without_a_total_reading_goes_on_to_an_empty_page() -> None:
    source = Pages(lambda number: page(f"a{number}") if number < 2 else page())
    assert await source.read() == ("a0", "a1")
    assert source.asked == [0, 1, 2]


async def test_a_repeated_page_ends_the_list_and_its_items_are_not_doubled() -> None:
    source = Pages(lambda _: page("a", "b", total=50))
    assert await source.read() == ("a", "b")
    assert source.asked == [0, 1]


async def test_an_item_that_slid_to_the_next_page_is_not_doubled() -> None:
    source = Pages(lambda number: [page("c", "b", total=2), page("b", "a", total=2)][number])
    assert await source.read() == ("c", "b", "a")


async def test_a_page_nobody_can_read_does_not_end_the_list() -> None:
    source = Pages(lambda number: page(sent=2, total=2) if number == 0 else page("a", total=2))
    assert await source.read() == ("a",)


async def test_an_endless_list_ends_at_the_bound_with_a_warning() -> None:
    source = Pages(lambda number: page(f"a{number}"))
    with capture_logs() as logs:
        found = await source.read()
    assert len(found) == len(source.asked) == pages.MOST_PAGES
    assert [(each["event"], each["log_level"]) for each in logs] == [("dbs.list_too_long", "warning")]
