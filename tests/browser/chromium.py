"""One Chromium for all tests: each comes to it over the DevTools protocol, from an event loop of its own."""

import re
import subprocess
from contextlib import suppress
from tempfile import TemporaryDirectory
from threading import Thread
from typing import IO

from playwright.async_api import Browser, Error, Playwright

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # One process for one page after the other.
    "--disable-site-isolation-trials",
    # A first window that is still being made can hold up those who come.
    "--no-startup-window",
    # What nobody looks at goes on all the same, and there is a mouse to hover with.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4",
    "--remote-debugging-port=0",
)
_PATIENCE_MS = 10_000


class Chromium:
    """Started when first asked for, and anew when it died since or no longer answers."""

    def __init__(self, executable: str) -> None:
        self._executable = executable
        self._profile: TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[str] | None = None
        self._address = ""

    async def connect(self, playwright: Playwright) -> Browser:
        """A connection of one's own: what is opened on it is closed with it."""
        if self._process is not None:
            with suppress(Error):
                return await playwright.chromium.connect_over_cdp(self._address, timeout=_PATIENCE_MS)
            self.close()
        self._start()
        return await playwright.chromium.connect_over_cdp(self._address)

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        if self._profile is not None:
            self._profile.cleanup()

    def _start(self) -> None:
        self._profile = TemporaryDirectory(ignore_cleanup_errors=True)
        command = (self._executable, *_FLAGS, f"--user-data-dir={self._profile.name}")
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert self._process.stderr is not None
        said = []
        for line in self._process.stderr:
            said.append(line)
            if listening := re.search(r"DevTools listening on (ws://\S+)", line):
                self._address = listening[1]
                Thread(target=_drain, args=(self._process.stderr,), daemon=True).start()
                return
        raise RuntimeError(f"Chromium did not start: {''.join(said)}")


def _drain(stream: IO[str]) -> None:
    """A process whose words nobody reads stops in the middle of one."""
    with stream:
        for _ in stream:
            pass
