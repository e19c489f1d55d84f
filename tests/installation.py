"""An installation of its own beside the tests, whose worker is a real process that can be killed."""

from __future__ import annotations

import importlib
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from flask import Flask

from config import from_env
from tests.servers import environment, flask, running, wait_until


@dataclass
class Installation:
    """An installation of its own, whose worker is a real process."""

    folder: Path
    database_url: str

    def environ(self, **more: str) -> dict[str, str]:
        return environment(self.folder, DATABASE_URL=self.database_url, **more)

    def app(self, **more: str) -> Flask:
        return importlib.import_module("app.factory").create_app(from_env(self.environ(**more)))

    @contextmanager
    def worker(self, **more: str) -> Iterator[Popen[bytes]]:
        with running(flask("worker"), self.environ(**more), self.folder / "worker.log") as process:
            yield process

    def kill_worker(self, in_the_middle: Callable[[], bool], **more: str) -> None:
        with self.worker(**more) as process:
            wait_until(in_the_middle, seconds=60, what="the middle of the work")
            os.kill(process.pid, signal.SIGKILL)
            process.wait(10)
