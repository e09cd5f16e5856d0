"""A real headless Chromium, driven over its DevTools protocol through a pipe: no library, no port.

Debian's package; installed as the rig installs what it needs, where it may.
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rig.parts.debian import can_install, ensure_packages
from rig.paths import which
from rig.progress import Progress

CHROMIUM = {"chromium": "chromium"}
_WAIT = 60.0  # seconds; a busy machine starts it slowly
_KEYS = {"Enter": 13, "Escape": 27, "End": 35, "Home": 36, "Tab": 9} | {
    f"Arrow{way}": 37 + i for i, way in enumerate(("Left", "Up", "Right", "Down"))
}


def lacking() -> str:
    """Why there is no browser here and cannot be; empty: there is one, or it was installed."""
    if which("chromium"):
        return ""
    if not can_install():
        return "chromium is not installed, and installing it takes root and apt-get"
    # Workers of one run: one of them installs it.
    with Path(tempfile.gettempdir(), "multinet-chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            ensure_packages(CHROMIUM, Progress())
        except Exception as error:  # no network, no such package: the reason is what counts
            return f"chromium cannot be installed: {error}".splitlines()[0]
    return "" if which("chromium") else "chromium's package has no command of that name"


class Browser:
    """A running Chromium."""

    def __init__(self, to: int, answers: int) -> None:
        self._to, self._from = to, answers
        self._buffer = b""
        self._last = 0
        self.events: list[dict[str, Any]] = []

    def call(self, method: str, session: str = "", **parameters: Any) -> dict[str, Any]:
        self._last += 1
        message = {"id": self._last, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._last:
                assert "error" not in answer, (method, answer["error"])
                result: dict[str, Any] = answer["result"]
                return result
            self.events.append(answer)

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            read = os.read(self._from, 1 << 16)
            assert read, "the browser ended"
            self._buffer += read
        message, self._buffer = self._buffer.split(b"\0", 1)
        found: dict[str, Any] = json.loads(message)
        return found

    def page(self, file: Path, *, width: int = 1280, height: int = 900, dark: bool = False) -> Page:
        """A new tab with this file."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session)
        for domain in ("Page", "Runtime", "Log", "Network", "Performance"):
            page.call(f"{domain}.enable")
        page.size(width, height)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        page.call("Emulation.setEmulatedMedia", features=[scheme])
        page.call("Emulation.setFocusEmulationEnabled", enabled=True)
        page.call("Page.navigate", url=file.as_uri())
        page.until("document.readyState === 'complete'")
        return page


class Page:
    """A tab."""

    def __init__(self, browser: Browser, session: str) -> None:
        self._browser, self._session = browser, session

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        return self._browser.call(method, self._session, **parameters)

    def size(self, width: int, height: int = 900) -> None:
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", **metrics)

    def ask(self, expression: str) -> Any:
        """What a JavaScript expression is, as data."""
        found = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def until(self, expression: str) -> None:
        end = time.monotonic() + _WAIT
        while not self.ask(expression):
            assert time.monotonic() < end, f"never: {expression}"
            time.sleep(0.02)

    def texts(self, selector: str) -> list[str]:
        """What elements show."""
        return list(
            self.ask(
                f"[...document.querySelectorAll({json.dumps(selector)})]"
                ".filter((e) => e.checkVisibility()).map((e) => e.innerText)"
            )
        )

    def press(self, *keys: str) -> None:
        """Keys by their names, or characters."""
        for key in keys:
            code = _KEYS.get(key, 0)
            text = {"Enter": "\r"}.get(key, "" if code else key)
            event = {"key": key, "windowsVirtualKeyCode": code or ord(key.upper())}
            down = "keyDown" if text else "rawKeyDown"
            self.call("Input.dispatchKeyEvent", type=down, text=text, **event)
            self.call("Input.dispatchKeyEvent", type="keyUp", **event)

    def type(self, text: str) -> None:
        """Into what has the focus."""
        self.call("Input.insertText", text=text)

    def click(self, selector: str) -> None:
        """With a mouse, in the middle of the first such element."""
        one = f"document.querySelector({json.dumps(selector)})"
        self.ask(f"{one}.scrollIntoView({{block: 'center'}})")
        box = self.ask(
            f"(({{x, y, width, height}}) => [x + width / 2, y + height / 2])({one}.getBoundingClientRect())"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call(
                "Input.dispatchMouseEvent",
                type=kind,
                x=box[0],
                y=box[1],
                button="left",
                clickCount=1,
            )

    def choose(self, name: str, value: str) -> None:
        """An option of a select of that name."""
        self.ask(
            f"(s => {{ s.value = {json.dumps(value)}; s.dispatchEvent(new Event('change')); }})"
            f"(document.querySelector('select[name={name}]'))"
        )

    def picture(self, to: Path) -> None:
        data = self.call("Page.captureScreenshot", format="png")["data"]
        to.write_bytes(base64.b64decode(data))

    @property
    def complaints(self) -> list[Any]:
        """Errors of scripts, what its policy refused, and whatever it loaded beside itself."""
        found = []
        for event in self._browser.events:
            parameters = event.get("params", {})
            if event.get("sessionId") != self._session:
                continue
            if event["method"] == "Runtime.exceptionThrown":
                found.append(parameters["exceptionDetails"])
            elif event["method"] == "Log.entryAdded":
                found.append(parameters["entry"]["text"])
            elif event["method"] == "Network.requestWillBeSent":
                url = parameters["request"]["url"]
                found += [] if parameters["type"] == "Document" else [url]
        return found

    def close(self) -> None:
        self.call("Page.close")


@contextlib.contextmanager
def running(directory: Path) -> Iterator[Browser]:
    """A browser with a profile of its own in `directory`."""
    to_browser, ours = os.pipe(), os.pipe()
    options = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
    ]
    options += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    options += ["--remote-debugging-pipe", f"--user-data-dir={directory}", "about:blank"]
    # It reads file descriptor 3 and writes 4.
    start = f'exec chromium "$@" 3<&{to_browser[0]} 4>&{ours[1]}'
    process = subprocess.Popen(
        ["bash", "-c", start, "chromium", *options],
        pass_fds=(to_browser[0], ours[1]),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "HOME": str(directory)},
    )
    os.close(to_browser[0])
    os.close(ours[1])
    browser = Browser(to_browser[1], ours[0])
    try:
        yield browser
        browser.call("Browser.close")
    finally:
        os.close(to_browser[1])
        os.close(ours[0])
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
