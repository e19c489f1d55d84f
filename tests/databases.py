"""The database of one test run: the tables are made once, and each test gets a clean copy of them."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Protocol

import psycopg

from tests.kept_rows import KeptRows

NAME = "samsalj"
SEND_ALL_AWAY = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{NAME}'"  # noqa: S608  ours


class Database(Protocol):
    """Something that can be put away under a name and taken out again."""

    url: str
    stays: bool
    """Whether connections may stay open while it is put away or taken out."""

    def keep(self, name: str) -> None:
        """Put a copy of the database away."""

    def take_out(self, name: str) -> None:
        """Let it hold again what was put away."""

    def throw_away(self, name: str) -> None:
        """Forget the copy that was put away."""

    def copy(self, name: str, folder: Path) -> str:
        """Make a second database of what was put away, and return its address."""

    def set_aside(self) -> None:
        """Put a copy of the database in its place, for a test that changes its tables. Nobody may be connected."""

    def put_back(self) -> None:
        """Throw the copy away, and let the database that was set aside be it again."""

    def close(self) -> None:
        """Stop what was started."""


class SqliteFile:
    """A file beside its templates. Nobody may hold it open while it is put away or taken out."""

    stays = False

    def __init__(self, folder: Path) -> None:
        """Begin with no file at all."""
        self.folder = folder
        self.file = folder / f"{NAME}.db"
        self.url = f"sqlite:///{self.file}"

    def keep(self, name: str) -> None:
        shutil.copyfile(self.file, self.folder / f"{name}.template")

    def take_out(self, name: str) -> None:
        for leftover in (f"{NAME}.db-wal", f"{NAME}.db-shm"):
            (self.folder / leftover).unlink(missing_ok=True)
        shutil.copyfile(self.folder / f"{name}.template", self.file)

    def throw_away(self, name: str) -> None:
        (self.folder / f"{name}.template").unlink()

    def copy(self, name: str, folder: Path) -> str:
        shutil.copyfile(self.folder / f"{name}.template", folder / self.file.name)
        return f"sqlite:///{folder / self.file.name}"

    def set_aside(self) -> None:
        """Each test has a file of its own."""

    def put_back(self) -> None:
        """Nothing was set aside."""

    def close(self) -> None:
        """There is nothing to stop."""


class PostgresServer:
    """Debian's PostgreSQL in a folder of its own, reached by a socket file only, so that no port is taken."""

    stays = True

    def __init__(self, **more: str) -> None:
        """Start the server, with more settings of its own; it takes about two seconds."""
        self.user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        self.folder = Path(tempfile.mkdtemp(prefix="samsalj-pg-"))
        if os.getuid() == 0:
            shutil.chown(self.folder, self.user)
        self._run("initdb", "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8")
        self.server = self._start(more)
        self.copies = 0
        self.url = self._address(NAME)
        self._wait()
        self._execute(f"CREATE DATABASE {NAME}")

    @cached_property
    def rows(self) -> KeptRows:
        """What lies in the database at each moment. Begun late: an installation that is measured needs it not."""
        return KeptRows(f"host={self.folder} user=postgres dbname={NAME}")

    def keep(self, name: str) -> None:
        self.rows.keep(name)

    def take_out(self, name: str) -> None:
        self.rows.put_back(name)

    def throw_away(self, name: str) -> None:
        self.rows.forget(name)

    def set_aside(self) -> None:
        self._leave()
        self._execute(f"ALTER DATABASE {NAME} RENAME TO aside")
        self._execute(f"CREATE DATABASE {NAME} TEMPLATE aside")

    def put_back(self) -> None:
        self._execute(f"DROP DATABASE {NAME} WITH (FORCE)")
        self._execute(f"ALTER DATABASE aside RENAME TO {NAME}")

    def copy(self, name: str, folder: Path) -> str:
        self.take_out(name)
        self.copies += 1
        self._leave()
        self._execute(f"CREATE DATABASE copy_{self.copies} TEMPLATE {NAME}")
        return self._address(f"copy_{self.copies}")

    def _leave(self) -> None:
        """Nobody may be connected to a database that is copied or renamed."""
        self.rows.leave()
        self._execute(SEND_ALL_AWAY)

    def close(self) -> None:
        self.rows.leave()
        self.server.send_signal(signal.SIGINT)  # At once: the other way it would wait for whoever is still connected.
        self.server.wait(60)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _address(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def _tool(self, name: str) -> str:
        found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda p: float(p.parts[4]))
        return str(found[-1]) if found else name

    def _account(self) -> dict[str, str]:
        return {"user": self.user} if os.getuid() == 0 else {}

    def _run(self, tool: str, *options: str) -> None:
        command = [self._tool(tool), f"--pgdata={self.folder / 'data'}", *options]
        subprocess.run(command, check=True, capture_output=True, cwd="/", **self._account())

    def _start(self, more: Mapping[str, str]) -> subprocess.Popen[bytes]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "fsync": "off",
            "full_page_writes": "off",
            "max_connections": "60",
            **more,
        }
        options = [f"-c{name}={value}" for name, value in settings.items()]
        command = [self._tool("postgres"), "-D", str(self.folder / "data"), *options]
        log = (self.folder / "log").open("wb")
        with log:
            return subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **self._account())

    def _wait(self) -> None:
        for _ in range(200):
            try:
                self._execute("SELECT 1")
            except psycopg.OperationalError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError((self.folder / "log").read_text())

    def _execute(self, statement: str) -> None:
        address = f"host={self.folder} user=postgres dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)


def open_database(folder: Path) -> Database:
    """The database that TEST_DATABASE asks for: SQLite when nothing is said."""
    kind = os.environ.get("TEST_DATABASE", "sqlite")
    if kind == "postgresql":
        return PostgresServer(autovacuum="off")  # It would let rows lie in another order from run to run.
    if kind != "sqlite":
        raise ValueError(f"TEST_DATABASE is {kind!r}; it must be sqlite or postgresql.")
    return SqliteFile(folder)
