"""A wire between the bot and a service that a test can make go silent."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit


class Wire:
    """Forwards bytes to `url` until `silent`: then calls arrive nowhere and nobody says so."""

    def __init__(self, url: str) -> None:
        self._to = urlsplit(url)
        self.silent = False
        #: What it did not forward yet.
        self.withheld = b""
        self._held = asyncio.Event()

    async def _carry(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                if self.silent:
                    self.withheld += data
                    await self._held.wait()
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def connect(self, reader: StreamReader, writer: StreamWriter) -> None:
        there, back = await asyncio.open_connection(self._to.hostname, self._to.port)
        async with asyncio.TaskGroup() as ways:
            ways.create_task(self._carry(reader, back))
            ways.create_task(self._carry(there, writer))

    def release(self) -> None:
        self.silent = False
        self._held.set()


@asynccontextmanager
async def wire_to(url: str) -> AsyncIterator[tuple[Wire, str]]:
    """A wire to `url` and the address to use instead of it."""
    wire = Wire(url)
    server = await asyncio.start_server(wire.connect, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    try:
        yield wire, f"http://{host}:{port}{urlsplit(url).path}"
    finally:
        wire.release()
        server.close()
