"""DBS and Slack for the polling benchmark, in a process of their own: as little as the protocols need.

`python -m tests.bench.polling_services <tasks>` prints its port. DBS is at `/`, Slack at `/api/`. All tasks
run; `/change` moves one in a hundred of them on by a quarter of its data, and `/seen` tells what arrived
since it was asked last.
"""

import asyncio
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

SHARE = 100
QUARTER = 25


def task_id(number: int) -> str:
    return f"s1{number:010}"


def item(number: int, percent: int) -> dict[str, object]:
    """A task as DBS describes it."""
    return {
        "RestoreTaskId": task_id(number),
        "RestoreTaskName": f"orders {number}",
        "RestoreStatus": "running",
        "RestoreTaskCreateTime": 1793880000000,
        "BackupPlanId": f"dbs1orders{number % 50}",
        "BackupSetId": f"bs{number}",
        "RestoreTime": 1793870000000,
        "DestinationEndpointInstanceType": "rds",
        "DestinationEndpointInstanceID": "rm-bp1target0001",
        "DestinationEndpointRegion": "cn-hangzhou",
        "DestinationEndpointUserName": "restore_rw",
        "RestoreObjects": '[{"DBName":"orders"}]',
        "FullStruforeRestoreProgress": 100,
        "FullDataRestoreProgress": percent,
    }


@dataclass
class Seen:
    """What arrived. Delays are in seconds, from the change in DBS to its message."""

    describes: int = 0
    asked: int = 0
    messages: int = 0
    edits: int = 0
    delays: list[float] = field(default_factory=list)


class Services:
    def __init__(self, tasks: int) -> None:
        self._percent = [0] * tasks
        self._changed_at = [0.0] * tasks
        self._turn = 0
        self._posted: dict[str, list[dict[str, object]]] = {}
        self._seen = Seen()

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/", self._describe)
        app.router.add_post("/api/chat.postMessage", self._post)
        app.router.add_post("/api/chat.update", self._edit)
        app.router.add_route("*", "/api/conversations.replies", self._replies)
        app.router.add_get("/change", self._change)
        app.router.add_get("/seen", self._tell)
        return app

    async def _describe(self, request: web.Request) -> web.Response:
        assert request.headers["x-acs-action"] == "DescribeRestoreTaskList"
        numbers = [int(each[2:]) for each in request.query["RestoreTaskId"].split(",")]
        self._seen.describes += 1
        self._seen.asked += len(numbers)
        answer = {
            "RequestId": str(self._seen.describes),
            "Success": True,
            "HttpStatusCode": 200,
            "PageNum": 0,
            "PageSize": 100,
            "TotalPages": 1,
            "TotalElements": len(numbers),
            "Items": {"RestoreTaskDetail": [item(number, self._percent[number]) for number in numbers]},
        }
        return web.json_response(answer)

    async def _post(self, request: web.Request) -> web.Response:
        body = await request.json()
        number = int(body["thread_ts"].partition(".")[0])
        self._seen.messages += 1
        self._seen.delays.append(time.monotonic() - self._changed_at[number])
        thread = self._posted.setdefault(body["thread_ts"], [])
        thread.append({"ts": f"{number}.{len(thread):06}", "metadata": body["metadata"]})
        return web.json_response({"ok": True, "ts": thread[-1]["ts"]})

    async def _replies(self, request: web.Request) -> web.Response:
        """For a message whose answer was lost on a machine that is too busy."""
        given = {**request.query, **await request.post()}
        return web.json_response({"ok": True, "messages": self._posted.get(str(given["ts"]), [])})

    async def _edit(self, request: web.Request) -> web.Response:
        body: dict[str, Any] = await request.json()
        self._seen.edits += 1
        return web.json_response({"ok": True, "ts": body["ts"]})

    async def _change(self, _: web.Request) -> web.Response:
        now = time.monotonic()
        for number in range(self._turn, len(self._percent), SHARE):
            self._percent[number] += QUARTER
            self._changed_at[number] = now
        self._turn += 1
        return web.Response()

    async def _tell(self, _: web.Request) -> web.Response:
        seen, self._seen = self._seen, Seen()
        return web.json_response(vars(seen))


async def serve(tasks: int) -> None:
    runner = web.AppRunner(Services(tasks).app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)  # noqa: T201  (who started this reads it)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
