"""Journeys in a real browser, against the house as `make run` starts it: web server, worker and demonstration."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Cookie, Error, Page, Response, sync_playwright

from app.demo.load import PASSWORD
from config import ROOT
from tests.servers import environment, flask, house_up, wait_until

CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

Look = Callable[[Page], None]
"""What is looked at on every page."""


@dataclass
class Live:
    """A house that runs."""

    url: str
    folder: Path
    signed_in: dict[str, list[Cookie]] = field(default_factory=dict)

    def letters(self) -> list[Path]:
        """The letters that the worker has laid as files, oldest first."""
        return sorted((self.folder / "letters").glob("*.eml"))

    def wait_for_letters(self, count: int) -> list[Path]:
        """Wait until the worker has laid so many letters in all."""
        wait_until(lambda: len(self.letters()) >= count, what=f"letter number {count}")
        return self.letters()

    def command(self, *arguments: str) -> str:
        """Run ``flask --app wsgi …`` on the house's data, and return what it says."""
        return _command(self.folder, *arguments)


def _command(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        flask(*arguments), cwd=ROOT, env=environment(folder), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with the demonstration in it, from which each file's house is copied."""
    folder = tmp_path_factory.mktemp("furnished")
    _command(folder, "migrate")
    _command(folder, "demo")
    return folder


@pytest.fixture(scope="session")
def running_house(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """One house for all files: to start it takes longer than most journeys."""
    folder = tmp_path_factory.mktemp("live") / "instance"
    shutil.copytree(furnished, folder)
    with house_up(folder) as url:
        yield Live(url, folder)


@pytest.fixture(scope="module")
def live(running_house: Live, furnished: Path) -> Live:
    """The house as it was at first, for the journeys of one file; what one of them orders, the next one finds."""
    beginning, now = furnished / "samsalj.db", running_house.folder / "samsalj.db"
    with closing(sqlite3.connect(beginning)) as origin, closing(sqlite3.connect(now, timeout=30)) as goal:
        origin.backup(goal)
    for letter in running_house.letters():
        letter.unlink()
    return running_house


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, where it can be had without the windows of a desktop, which take more time than our pages."""
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    assert chromium, "The browser tests need Chromium; `make test` installs it."
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@dataclass
class Complaints:
    """What the browser complains about: errors in scripts, and what our content security policy forbids."""

    heard: list[str] = field(default_factory=list)
    refused_pages: set[str] = field(default_factory=set)
    """Pages answered with 4xx on purpose; the browser writes those into its console as well."""

    def listen(self, page: Page) -> None:
        """Note what this page complains about from now on."""
        page.on("response", self._on_response)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.heard.append(str(error)))

    def _on_response(self, response: Response) -> None:
        if response.request.is_navigation_request() and 400 <= response.status < 500:
            self.refused_pages.add(response.url)

    def _on_console(self, message: ConsoleMessage) -> None:
        on_purpose = message.location["url"] in self.refused_pages and "server responded" in message.text
        if message.type in {"error", "warning"} and not on_purpose:
            self.heard.append(f"{message.location['url']}: {message.text}")


@pytest.fixture
def new_page(browser: Browser, live: Live) -> Iterator[Callable[..., Page]]:
    """Open a window for one more person: ``new_page()``. No window may have complained when the test ends."""
    complaints = Complaints()
    contexts = []

    def open_window(**settings: Any) -> Page:
        context = browser.new_context(base_url=live.url, locale="sv-SE", **settings)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        complaints.listen(page)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert complaints.heard == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A window in which nobody is signed in."""
    return new_page()


@pytest.fixture
def sign_in(live: Live) -> Callable[[Page, str], None]:
    """``sign_in(page, "salj@samklang.example")``: with the password once, then by the cookies that it gave."""

    def do(page: Page, email: str) -> None:
        if email in live.signed_in:
            page.context.clear_cookies()
            page.context.add_cookies(live.signed_in[email])  # type: ignore[arg-type]
            page.goto("/min-sida")
        else:
            _with_password(page, email)
            live.signed_in[email] = page.context.cookies()

    return do


def _with_password(page: Page, email: str) -> None:
    page.context.clear_cookies()
    page.goto("/logga-in")
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form[name=login_user_form] [type=submit]").click()
    page.wait_for_url(lambda url: "/logga-in" not in url)


@pytest.fixture
def axe() -> Look:
    """``axe(page)`` asserts that nobody is shut out by what the page is like."""

    def check(page: Page) -> None:
        options = {"runOnly": {"type": "tag", "values": AXE_TAGS}, "resultTypes": ["violations"]}
        page.wait_for_load_state()
        try:
            found = Axe().run(page, options=options)
        except Error:
            # A link was followed, and the page left while it was looked at: the one it led to is meant.
            page.wait_for_load_state()
            found = Axe().run(page, options=options)
        faults = [
            f"{fault['id']} ({fault['impact']}): {fault['help']}\n    "
            + "\n    ".join(f"{node['target']} {node['html']}" for node in fault["nodes"][:5])
            for fault in found.response["violations"]
        ]
        assert faults == [], f"{page.url}\n" + "\n".join(faults)

    return check


@pytest.fixture
def fits_phone() -> Look:
    """``fits_phone(page)`` asserts that the page does not scroll sideways at 320 px."""

    def check(page: Page) -> None:
        before = page.viewport_size
        page.set_viewport_size({"width": 320, "height": 640})
        too_wide = page.evaluate(
            """() => {
                const room = document.documentElement.clientWidth;
                if (document.documentElement.scrollWidth <= room) return [];
                return [...document.querySelectorAll("body *")]
                    .filter(one => one.getBoundingClientRect().right > room + 1)
                    .slice(0, 8).map(one => one.tagName + "." + one.className);
            }"""
        )
        if before:
            page.set_viewport_size(before)
        assert too_wide == [], f"{page.url} is wider than a phone"

    return check


@pytest.fixture
def look(axe: Look, fits_phone: Look) -> Look:
    """Both of them: what every page must pass."""

    def check(page: Page) -> None:
        axe(page)
        fits_phone(page)

    return check
