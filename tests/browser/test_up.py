"""`make run`: one command starts the house, and nothing of it is left when it ends."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.servers import environment, flask, free_port, running, wait_until


class Up:
    """A house that was started, and what can be seen of it from outside."""

    def __init__(self, folder: Path) -> None:
        """Nothing runs yet."""
        self.folder = folder
        self.port = free_port()
        self.log = folder.parent / f"{folder.name}.log"

    @contextmanager
    def start(self):
        """Start it; ready when it has said where it answers."""
        with running(flask("up"), environment(self.folder, PORT=str(self.port)), self.log) as process:
            wait_until(lambda: "answers at" in self.said() or process.poll() is not None, seconds=180, what="the start")
            yield process

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    def answers(self) -> bool:
        with socket.socket() as line:
            return line.connect_ex(("127.0.0.1", self.port)) == 0

    def get(self, path: str) -> int:
        line = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            line.request("GET", path)
            return line.getresponse().status
        finally:
            line.close()


@pytest.fixture
def up(tmp_path):
    return Up(tmp_path / "instance")


@pytest.fixture
def lived_in(up, furnished):
    """The same with the demonstration already in it: what matters comes after the start."""
    shutil.copytree(furnished, up.folder)
    return up


def descendants(pid: int) -> set[int]:
    """The processes that a process has started, and theirs."""
    try:
        found = {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}
    except FileNotFoundError:
        return set()
    return found.union(*(descendants(child) for child in found))


def alive(pids: set[int]) -> set[int]:
    """Those of the processes that still run; one that only waits to be counted is dead."""
    return {pid for pid in pids if _state(pid) not in {"Z", ""}}


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def command_of(pid: int) -> str:
    """Nothing for a process that has ended meanwhile."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def test_it_starts_with_the_demonstration_and_ends_with_ctrl_c(up):
    with up.start() as process:
        assert "Loading the demonstration" in up.said()
        assert f"http://127.0.0.1:{up.port}" in up.said()
        assert "kontor@nordbyn.example" in up.said()
        assert "samklang-demo" in up.said()
        assert [up.get("/"), up.get("/katalog"), up.get("/halsa")] == [200, 200, 200]
        family = descendants(process.pid)
        assert len(family) >= 4
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    assert alive(family) == set()
    assert not up.answers()


def test_another_start_keeps_what_was_entered(lived_in):
    with sqlite3.connect(lived_in.folder / "samsalj.db") as database:
        database.execute("UPDATE member SET about = 'Ändrat för hand' WHERE slug = 'ljungbacken'")
    database.close()
    with lived_in.start():
        assert "Loading the demonstration" not in lived_in.said()
    with sqlite3.connect(lived_in.folder / "samsalj.db") as database:
        (about,) = database.execute("SELECT about FROM member WHERE slug = 'ljungbacken'").fetchone()
    database.close()
    assert about == "Ändrat för hand"


def child_of(process, child: str) -> int | None:
    """The process that runs this part of the house; None while there is none."""
    children = [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]
    return next((pid for pid in children if child in command_of(pid)), None)


def test_a_worker_that_dies_has_a_successor_and_without_web_server_all_ends(lived_in):
    with lived_in.start() as process:
        victim = child_of(process, "wsgi worker")
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda: child_of(process, "wsgi worker") not in {None, victim}, what="another worker")
        assert lived_in.answers()
        assert "another takes its place" in lived_in.said()
        family = descendants(process.pid)
        os.kill(child_of(process, "granian"), signal.SIGKILL)
        assert process.wait(40) == 1
    wait_until(lambda: not alive(family), what="the end of all")
    assert not lived_in.answers()
    assert "has ended" in lived_in.said()


def test_also_a_killed_parent_leaves_no_orphans(lived_in):
    with lived_in.start() as process:
        family = descendants(process.pid)
        process.kill()
        wait_until(lambda: not alive(family), seconds=40, what="the end of all")
    assert not lived_in.answers()


def test_a_taken_port_is_told_clearly(up):
    with socket.create_server(("127.0.0.1", up.port)), up.start() as process:
        assert process.wait(60) == 1
    assert f"port {up.port}" in up.said()
    assert "PORT=" in up.said()
    assert not (up.folder / "samsalj.db").exists()
