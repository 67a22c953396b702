"""What following many tasks costs: `python -m tests.bench.polling_speed [tasks ...]` prints a table.

Each row is measured in a process of its own, against DBS and Slack in another. A round looks at every task
once; in a quiet one nothing changed, in the other one task in a hundred moved on, and its thread is told.
The vendor's SDK asks for a sample of the tasks, each alone and one after the other; that is scaled up.
"""

import asyncio
import resource
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient

from bot import logs
from bot.dbs import Credentials, DbsClient
from bot.dbs.models import RestoreTaskDetail
from bot.restores.models import Earlier, Mark, Stage, StageTime, Timeline, Window
from bot.restores.poller import EARLIER, RestorePoller
from bot.restores.timeline import MARKS
from bot.slack.delivery import Delivery
from bot.store.connection import Connection
from bot.store.rows import request_row
from bot.store.sqlite import SqliteStore
from tests import values
from tests.bench.polling_services import SHARE, Seen, item, task_id

CHANNELS = 200
INTERVAL = timedelta(seconds=15)
#: Tasks the SDK asks for.
SAMPLE = 500
#: For one size; a machine that is quiet needs a quarter of it for the largest.
LIMIT_SECONDS = 300
SIZES = (1_000, 10_000, 100_000)


@dataclass
class Cost:
    """Of one round: seconds of this process's CPU, seconds by the clock, and what arrived."""

    cpu: float
    wall: float
    seen: Seen


@dataclass
class Measured:
    """The median of some rounds of each kind; of the SDK seconds per call."""

    tasks: int
    quiet: Cost
    told: Cost
    peak_mb: float
    sdk_cpu: float
    sdk_wall: float


def fill(path: Path, tasks: int) -> None:
    """Requests that became tasks that run, each with its card posted."""
    long_ago = values.NOON.timestamp()
    with sqlite3.connect(path) as db:
        for number in range(tasks):
            request = values.request(f"{number:032}", restore_task_id=task_id(number), user_id=f"U{number}")
            request = request.evolve(spec=request.spec.evolve(task_name=f"orders {number}"))
            row = request_row(request) | {"open": 0}
            columns = ", ".join(row)
            db.execute(
                f"INSERT INTO requests ({columns}) VALUES ({', '.join('?' * len(row))})", [*row.values()]
            )
            snapshot = RestoreTaskDetail.model_validate(item(number, 0)).to_domain()
            snapshot = snapshot.evolve(timeline=_timeline(datetime.now(UTC)))
            db.execute(
                "INSERT INTO tasks (restore_task_id, region, status, snapshot, tracked_since, next_poll_at)"
                " VALUES (?, 'cn-hangzhou', 'running', ?, ?, ?)",
                [task_id(number), snapshot.model_dump_json(), long_ago, time.time()],
            )
            db.execute(
                "INSERT INTO links"
                " (channel_id, thread_ts, nonce, restore_task_id, created_at, changed_at, card_shown)"
                " VALUES (?, ?, ?, ?, ?5, ?5, 1)",
                [f"C{number % CHANNELS}", f"{number}.000100", request.nonce, task_id(number), long_ago],
            )
    db.close()


def _timeline(now: datetime) -> Timeline:
    """As large as they get."""
    began = now - 2 * MARKS * INTERVAL
    stages = (Stage.STRUCTURE_BEFORE, Stage.FULL_DATA, Stage.STRUCTURE_AFTER)
    earlier = (
        Earlier(size=10**12 + number**9, seconds=dict.fromkeys(stages, 86400 / (number + 7)))
        for number in range(EARLIER)
    )
    made = Timeline(
        seen_at=began,
        started_at=began,
        stages={Stage.STRUCTURE_BEFORE: StageTime(began_at=began, done_at=now - MARKS * INTERVAL)},
        moved_at=now,
        size=10**12,
        ends=Window(begin=now + timedelta(hours=20), end=now + timedelta(hours=30)),
    )
    marks = (Mark(at=now - (MARKS - at) * INTERVAL * 1.01, done=at / 777) for at in range(MARKS))
    return made.with_past(tuple(marks), tuple(earlier))


@asynccontextmanager
async def services(tasks: int) -> AsyncIterator[httpx.AsyncClient]:
    """DBS and Slack, each in its right place below the address."""
    command = [sys.executable, "-m", "tests.bench.polling_services", str(tasks)]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        port = int(await process.stdout.readline())
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/") as client:
            yield client
    finally:
        process.kill()
        await process.communicate()


class Bench:
    """The poller and the delivery of a bot, whose rounds are called by hand."""

    def __init__(self, tasks: int, store: SqliteStore, dbs: DbsClient, server: httpx.AsyncClient) -> None:
        self._tasks = tasks
        self._store = store
        slack = AsyncWebClient("xoxb-sandbox", base_url=f"{server.base_url}api/", retry_handlers=[])
        self._server = server
        self._time = datetime.now(UTC)
        self.delivery = Delivery(slack, store)
        self._poller = RestorePoller(
            values.accounts(dbs),
            store,
            interval=INTERVAL,
            tell=self.delivery.loop.wake,
            now=lambda: self._time,
        )

    async def round(self, *, changes: int) -> Cost:
        """Look at every task once, until all that changed is told and shown."""
        if changes:
            await self._server.get("change")
        cpu, began = time.process_time(), time.perf_counter()
        while (due_at := await self._turn()) and due_at <= self._time + INTERVAL / 2:
            pass
        seen = await self.seen()
        assert seen.asked == self._tasks, "a call to DBS failed: the machine is too busy to measure"
        while seen.messages < changes or seen.edits < changes:
            await asyncio.sleep(0.02)
            seen = _both(seen, await self.seen())
        self._time += INTERVAL
        return Cost(time.process_time() - cpu, time.perf_counter() - began, seen)

    async def _turn(self) -> datetime | None:
        """To its end: the poller itself would not wait for calls that take long."""
        await self._poller.round()
        await self._poller.loop.crew.wait(None)
        return await self._store.next_poll_at()

    async def seen(self) -> Seen:
        return Seen(**(await self._server.get("seen")).json())


def _both(one: Seen, other: Seen) -> Seen:
    return Seen(**{name: value + getattr(other, name) for name, value in vars(one).items()})


async def measure(tasks: int, *, rounds: int = 3) -> Measured:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        connection = await Connection.open(path)
        fill(path, tasks)
        key = Credentials(access_key_id="sandbox", access_key_secret=SecretStr("sandbox-secret"))
        async with (
            asyncio.timeout(LIMIT_SECONDS),
            services(tasks) as server,
            DbsClient(key, endpoint=str(server.base_url)) as dbs,
        ):
            bench = Bench(tasks, SqliteStore(connection), dbs, server)
            delivering = asyncio.create_task(bench.delivery.loop.run())
            await bench.round(changes=0)  # the first one finds everything cold
            quiet = [await bench.round(changes=0) for _ in range(rounds)]
            told = [await bench.round(changes=tasks // SHARE) for _ in range(rounds)]
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            delivering.cancel()
            await asyncio.gather(delivering, return_exceptions=True)
            sdk_cpu, sdk_wall = await one_by_one(server)
        await connection.close()
    return Measured(tasks, _median(quiet), _median(told), peak, sdk_cpu, sdk_wall)


def _median(costs: list[Cost]) -> Cost:
    return sorted(costs, key=lambda cost: cost.cpu)[len(costs) // 2]


async def one_by_one(server: httpx.AsyncClient) -> tuple[float, float]:
    """Seconds of CPU and by the clock that the vendor's SDK takes for one task."""
    # Imported here: it is large, and no part of the bot whose memory is measured.
    from alibabacloud_dbs20190306.client import Client  # noqa: PLC0415
    from alibabacloud_dbs20190306.models import DescribeRestoreTaskListRequest  # noqa: PLC0415
    from alibabacloud_tea_openapi.models import Config  # noqa: PLC0415

    address = f"{server.base_url.host}:{server.base_url.port}"
    config = Config(
        access_key_id="sandbox", access_key_secret="sandbox-secret", endpoint=address, protocol="http"
    )
    client = Client(config)
    cpu = began = 0.0
    for number in range(-1, SAMPLE):
        if number == 0:
            cpu, began = time.process_time(), time.perf_counter()
        request = DescribeRestoreTaskListRequest(restore_task_id=task_id(abs(number)))
        answer = await client.describe_restore_task_list_async(request)
        assert answer.body.items.restore_task_detail[0].restore_status == "running"
    return (time.process_time() - cpu) / SAMPLE, (time.perf_counter() - began) / SAMPLE


HEADER = (
    "tasks",
    "calls to DBS",
    "CPU, nothing new",
    "CPU, 1 % new",
    "wall",
    "peak memory",
    "change to message: median, slowest",
    "SDK, each task alone: calls, CPU, wall",
    "ratio: calls, CPU, wall",
)


def line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def row(made: Measured) -> str:
    """One line of the table. The SDK's figures are those of the sample times the number of tasks."""
    quiet, sdk_cpu, sdk_wall = made.quiet, made.sdk_cpu * made.tasks, made.sdk_wall * made.tasks
    ratios = made.tasks / quiet.seen.describes, sdk_cpu / quiet.cpu, sdk_wall / quiet.wall
    return line(
        [
            f"{made.tasks:,}",
            f"{quiet.seen.describes:,}",
            f"{quiet.cpu:.2f} s",
            f"{made.told.cpu:.2f} s",
            f"{quiet.wall:.2f} s, {made.told.wall:.2f} s",
            f"{made.peak_mb:.0f} MB",
            f"{statistics.median(made.told.seen.delays):.2f} s, {max(made.told.seen.delays):.2f} s",
            f"{made.tasks:,}, {sdk_cpu:.1f} s, {sdk_wall:.1f} s",
            ", ".join(f"{ratio:.0f}x" for ratio in ratios),
        ]
    )


def main() -> None:
    """Each size in a process of its own, for the peak of its memory."""
    logs.configure()
    match sys.argv[1:]:
        case ["--one", tasks]:
            print(row(asyncio.run(measure(int(tasks)))))  # noqa: T201  (the table)
        case sizes:
            print(line(HEADER), line("---" for _ in HEADER), sep="\n", flush=True)  # noqa: T201  (the table)
            for tasks in sizes or map(str, SIZES):
                again = [sys.executable, "-m", "tests.bench.polling_speed", "--one", tasks]
                subprocess.run(again, check=True)


if __name__ == "__main__":
    main()
