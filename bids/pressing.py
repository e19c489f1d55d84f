"""Presses sheaves in processes of their own, two at a time, and keeps what is ready.

A press takes much memory and may die; the pages that are ready lie on a shelf by what they were made of. Whoever comes
again, after a change or after a press has died, gets them from there. ``python -m bids.pressing`` is one press.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import queue
import resource
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

import weasyprint

from bids.document import Sheaf, press_here, press_one

HOUSE = Path(__file__).parent.parent
HANDS = 2
SMALL = 60_000
"""Characters of HTML that are printed sooner than a press is started."""
MOST_MEMORY = 2 * 1024**3
"""Bytes of address space of one press; what it really uses is a tenth of it."""
MOST_SECONDS = 240
"""Of processor time for all that one press prints."""
TRIES = 2
KEPT_SECONDS = 14 * 24 * 3600
EDITION = f"1 {weasyprint.VERSION}"
"""Grows when the same HTML is to give other pages."""
LENGTH = struct.Struct(">Q")
Tell = Callable[[int, int], None]
"""Hears how many sheaves are ready, and of how many."""


class PressStopped(Exception):  # noqa: N818  it says what happened
    """A press died twice over the same pages, or was ended because it took too long."""


class Shelf:
    """Pages that are ready, on disk, by what they were made of; what has lain unasked for two weeks is taken away."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, sheaf: Sheaf) -> bytes | None:
        """The pages; None when they are not there, or are not what was laid there."""
        place = self._place(sheaf)
        try:
            kept = place.read_bytes()
            os.utime(place)
        except OSError:
            return None
        seal, pages = kept[:32], kept[32:]
        return pages if hashlib.sha256(pages).digest() == seal else None

    def put(self, sheaf: Sheaf, pages: bytes) -> None:
        """Lay them there. A full disk costs only that they are pressed again."""
        place = self._place(sheaf)
        draft = place.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
        with suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(hashlib.sha256(pages).digest() + pages)
            draft.replace(place)

    def clear_out(self, now: float) -> None:
        """Take away what has lain too long."""
        with suppress(OSError):
            for place in self.folder.iterdir():
                with suppress(OSError):
                    if now - place.stat().st_mtime > KEPT_SECONDS:
                        place.unlink()

    def _place(self, sheaf: Sheaf) -> Path:
        return self.folder / hashlib.sha256(f"{EDITION} {sheaf.digest}".encode()).hexdigest()


class Presses:
    """Prints sheaves as `bids.document.Press` wants it."""

    def __init__(self, shelf: Shelf, tell: Tell = lambda _done, _total: None) -> None:
        self.shelf = shelf
        self.tell = tell

    def __call__(self, sheaves: Sequence[Sheaf]) -> list[bytes]:
        """The pages in the sheaves' order. Raises PressStopped."""
        ready = {sheaf.name: pages for sheaf in sheaves if (pages := self.shelf.get(sheaf)) is not None}
        missing = [sheaf for sheaf in sheaves if sheaf.name not in ready]
        self.tell(len(ready), len(sheaves))
        if sum(len(sheaf.html) for sheaf in missing) <= SMALL:
            for sheaf, pages in zip(missing, press_here(missing), strict=True):
                self._lay(sheaf, pages, ready, len(sheaves))
        else:
            self._share_out(missing, ready, len(sheaves))
        return [ready[sheaf.name] for sheaf in sheaves]

    def _lay(self, sheaf: Sheaf, pages: bytes, ready: dict[str, bytes], total: int) -> None:
        self.shelf.put(sheaf, pages)
        ready[sheaf.name] = pages
        self.tell(len(ready), total)

    def _share_out(self, missing: Sequence[Sheaf], ready: dict[str, bytes], total: int) -> None:
        """The longest first, so that no press is left alone with it at the end."""
        waiting: queue.SimpleQueue[Sheaf] = queue.SimpleQueue()
        for sheaf in sorted(missing, key=lambda sheaf: -len(sheaf.html)):
            waiting.put(sheaf)
        done: queue.SimpleQueue[tuple[Sheaf, bytes] | BaseException] = queue.SimpleQueue()
        hands = [threading.Thread(target=_work_off, args=(waiting, done), daemon=True) for _hand in range(HANDS)]
        for hand in hands:
            hand.start()
        for _sheaf in missing:
            found = done.get()
            if isinstance(found, BaseException):
                raise found
            self._lay(*found, ready, total)


def _work_off(waiting: queue.SimpleQueue[Sheaf], done: queue.SimpleQueue[tuple[Sheaf, bytes] | BaseException]) -> None:
    """One hand: a press, and another when it dies."""
    press: Hand | None = None
    try:
        while True:
            sheaf = waiting.get_nowait()
            for turn in range(1, TRIES + 1):
                press = press or Hand()
                try:
                    done.put((sheaf, press.print(sheaf)))
                    break
                except PressStopped:
                    press.close()
                    press = None
                    if turn == TRIES:
                        raise
    except queue.Empty:
        pass
    except BaseException as trouble:
        done.put(trouble)
    finally:
        if press is not None:
            press.close()


class Hand:
    """A press in a process of its own. It ends when whoever started it does."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bids.pressing"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=HOUSE
        )

    def print(self, sheaf: Sheaf) -> bytes:
        """The pages. Raises PressStopped when the process dies meanwhile."""
        try:
            send(_pipe(self.process.stdin), pickle.dumps(sheaf))
            pages = receive(_pipe(self.process.stdout))
        except OSError:
            pages = None
        if pages is None:
            raise PressStopped(f"The press died over {sheaf.name} (exit {self.process.wait()}).")
        return pages

    def close(self) -> None:
        """End it."""
        self.process.kill()
        with suppress(OSError):
            _pipe(self.process.stdin).close()
        _pipe(self.process.stdout).close()
        self.process.wait()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ValueError("the press was started without pipes")
    return pipe


def send(pipe: IO[bytes], message: bytes) -> None:
    """Write a message with its length before it."""
    pipe.write(LENGTH.pack(len(message)) + message)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes | None:
    """Read one; None when the other end is gone."""
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    message = pipe.read(length)
    return message if len(message) == length else None


def main() -> None:
    """Be a press: sheaves in at standard input, pages out at standard output, until nobody asks for more."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    while (message := receive(sys.stdin.buffer)) is not None:
        sheaf: Sheaf = pickle.loads(message)  # noqa: S301  nobody but our own program has written it
        send(sys.stdout.buffer, press_one(sheaf))


if __name__ == "__main__":
    main()
