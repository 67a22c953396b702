"""Request URLs that the local workspace delivers to."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.sandbox.slack import LocalWorkspace

Answer = Callable[[web.Request], Awaitable[web.Response]]


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[str]:
    """The request URL of a web application that takes Slack's requests."""
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def handling(answer: Answer) -> AsyncIterator[str]:
    """A request URL where this answers whatever is asked."""
    app = web.Application()
    app.router.add_post("/slack/events", answer)
    async with served(app) as url:
        yield url


@asynccontextmanager
async def answering(workspace: LocalWorkspace, answer: Answer) -> AsyncIterator[None]:
    """The workspace delivers to this answer, but for the challenge, which is returned."""

    async def handle(request: web.Request) -> web.Response:
        if request.content_type == "application/json":
            body = await request.json()
            if body["type"] == "url_verification":
                return web.Response(text=body["challenge"])
        return await answer(request)

    async with handling(handle) as url:
        await workspace.set_request_url(url)
        yield
