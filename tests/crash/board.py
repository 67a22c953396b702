"""Slack as the model of delivery knows it: what stands in its channels, and how its answers get lost."""

import itertools
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from tests.crash.fragile import Died, Ice, World

#: How late, in seconds, a call may reach Slack after the bot stopped waiting for it.
LATEST = 10.0
POSTED = "chat.postMessage"

FATES = (
    "done",
    "answer lost",
    "half done",
    "lost",
    "late",
    "never sent",
    "too many",
    "closed",
    "died before",
    "died after",
    "died, late",
)


class Board(AsyncWebClient):
    """A client that talks to nobody. `fates` befall the next calls, in order; then all goes well."""

    def __init__(self, world: World) -> None:
        super().__init__(token="xoxb-board", retry_handlers=[])
        self.world = world
        self.fates: list[str] = []
        self.posts: list[dict[str, Any]] = []
        #: Channels the bot was sent out of.
        self.closed: set[str] = set()
        #: Cards that people deleted.
        self.deleted: set[str] = set()
        #: Of the process that calls now.
        self.ice = Ice()
        self.on_the_way: list[tuple[float, Callable[[], object]]] = []
        self._numbers = itertools.count()

    async def api_call(self, api_method: str, **options: Any) -> AsyncSlackResponse:
        arguments = options.get("json") or options.get("params") or options.get("data") or {}
        if arguments["channel"] in self.closed:
            raise refusal("not_in_channel")
        match api_method:
            case "chat.postMessage":
                return await self._write(lambda: self._post(arguments))
            case "chat.update":
                return await self._write(lambda: self._update(arguments))
            case "chat.delete":
                return await self._write(lambda: self._delete(arguments))
            case "conversations.replies" | "conversations.history":
                return self._read(arguments)
            case _:
                raise NotImplementedError(api_method)

    async def _write(self, do: Callable[[], dict[str, Any]]) -> AsyncSlackResponse:
        fate, ice = self.fates.pop(0) if self.fates else "done", self.ice
        if fate == "frozen before":
            await ice.freeze()
        self._on_its_way(fate, do)
        done = do()
        if fate == "frozen after":
            await ice.freeze()
        return _answered(fate, done)

    def _on_its_way(self, fate: str, do: Callable[[], dict[str, Any]]) -> None:
        match fate:
            case "lost":
                raise TimeoutError
            case "late" | "died, late":
                self.on_the_way.append((self.world.passed + LATEST, do))
                raise Died if "died" in fate else TimeoutError
            case "never sent":
                raise aiohttp.ClientConnectorError(None, OSError("refused"))  # type: ignore[arg-type]
            case "too many":
                raise refusal("ratelimited", status=429, headers={"Retry-After": "30"})
            case "closed":
                raise refusal("not_in_channel")
            case "died before":
                raise Died

    def arrive(self) -> None:
        """What was on its way that long is there by now."""
        due = [do for at, do in self.on_the_way if at <= self.world.passed]
        self.on_the_way = [(at, do) for at, do in self.on_the_way if at > self.world.passed]
        for do in due:
            with suppress(SlackApiError):
                do()

    def settle_down(self) -> None:
        """Whatever is under way arrives."""
        for _, do in self.on_the_way:
            with suppress(SlackApiError):
                do()
        self.on_the_way = []

    def thread(self, ts: str) -> list[dict[str, Any]]:
        return [post for post in self.posts if ts in {post["ts"], post.get("thread_ts")}]

    def delete_card(self, ts: str) -> None:
        """Somebody deletes it; what stands below it stays, and nothing can be added."""
        self.posts.remove(self._standing(ts))
        self.deleted.add(ts)

    def _post(self, arguments: dict[str, Any]) -> dict[str, Any]:
        if arguments.get("thread_ts") in self.deleted:
            raise refusal("thread_not_found")
        post = {**arguments, "ts": f"{1_800_000_000 + next(self._numbers)}.000100"}
        self.posts.append(post)
        return {"ok": True, "ts": post["ts"], "channel": arguments["channel"]}

    def _update(self, arguments: dict[str, Any]) -> dict[str, Any]:
        self._standing(arguments["ts"]).update(text=arguments["text"], blocks=arguments["blocks"])
        return {"ok": True, "ts": arguments["ts"]}

    def _delete(self, arguments: dict[str, Any]) -> dict[str, Any]:
        self.posts.remove(self._standing(arguments["ts"]))
        return {"ok": True, "ts": arguments["ts"]}

    def _standing(self, ts: str) -> dict[str, Any]:
        for post in self.posts:
            if post["ts"] == ts:
                return post
        raise refusal("message_not_found")

    def _read(self, arguments: dict[str, Any]) -> AsyncSlackResponse:
        fate = self.fates.pop(0) if self.fates else "done"
        match fate:
            case "lost" | "late" | "answer lost" | "half done":
                raise TimeoutError
            case "never sent":
                raise aiohttp.ClientConnectorError(None, OSError("refused"))  # type: ignore[arg-type]
            case "too many":
                raise refusal("ratelimited", status=429, headers={"Retry-After": "30"})
            case "died before" | "died after" | "died, late":
                raise Died
        if arguments.get("ts") in self.deleted:
            raise refusal("thread_not_found")
        found = [post for post in self.posts if post["channel"] == arguments["channel"]]
        if "ts" in arguments:
            found = [post for post in found if arguments["ts"] in {post["ts"], post.get("thread_ts")}]
        return response({"ok": True, "messages": found})


def _answered(fate: str, done: dict[str, Any]) -> AsyncSlackResponse:
    match fate:
        case "answer lost":
            raise TimeoutError
        case "half done":
            raise refusal("internal_error")
        case "died after":
            raise Died
    return response(done)


def response(data: dict[str, Any], *, status: int = 200, headers: Any = None) -> AsyncSlackResponse:
    return AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url="",
        req_args={},
        data=data,
        headers=headers or {},
        status_code=status,
    )


def refusal(reason: str, *, status: int = 200, headers: Any = None) -> SlackApiError:
    return SlackApiError(reason, response({"ok": False, "error": reason}, status=status, headers=headers))  # type: ignore[no-untyped-call]  # as the SDK left it
