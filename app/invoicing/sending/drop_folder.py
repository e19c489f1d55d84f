"""Lays an invoice into a folder from which another program fetches it: whole, once, and nowhere else.

The files are made ready in a folder of our own inside it, and then renamed. A rename lays them there and takes them
away from ours in one step, so that whoever comes after a crash sees from ours alone what has been handed over, however
quickly the other program has fetched it.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

READY = ".samsalj"
"""The folder of our own; programs that fetch leave hidden ones alone."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,80}\.(pdf|xml)")
WORDS = {
    errno.ENOSPC: "Disken är full.",
    errno.EDQUOT: "Disken är full.",
    errno.ENOENT: "Mappen finns inte.",
    errno.ENOTDIR: "Mappen finns inte.",
    errno.EACCES: "Vi får inte skriva i mappen.",
    errno.EROFS: "Vi får inte skriva i mappen.",
}


class Occupied(Exception):  # noqa: N818  it is a verdict, as Hopeless is
    """Another file of that name lies there; nothing is written over. The message is a sentence to show."""


def prepare(folder: Path, key: str, files: Mapping[str, bytes]) -> None:
    """Make the files ready, each under its name (``NUMBER.xml``). Raises OSError; what is half written is taken away.

    The folder itself is never made: where it is missing a share is away, and what we laid would lie beneath it.
    """
    ready = _ready(folder, key, *files)
    if not folder.is_dir():
        raise FileNotFoundError(errno.ENOENT, WORDS[errno.ENOENT], str(folder))
    ready.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        _write(ready / name, data)
    for made in (ready, ready.parent, folder):
        _sync(made)


def publish(folder: Path, key: str, *names: str) -> None:
    """Hand over what was made ready, in this order; what has been handed over already is left in peace.

    Raises OSError, and Occupied where another file has taken the name.
    """
    ready = _ready(folder, key, *names)
    _check_there(folder)
    for name in names:
        if (ready / name).exists():
            _lay(ready / name, folder / name)
    _sync(folder)
    with suppress(OSError):
        ready.rmdir()


def is_ready(folder: Path, key: str, *names: str) -> bool:
    """Whether any of it lies ready still. Raises OSError where the folder is away, and nobody knows."""
    ready = _ready(folder, key, *names)
    _check_there(folder)
    return any((ready / name).exists() for name in names)


def in_words(trouble: OSError) -> str:
    """What went wrong, for a person."""
    return WORDS.get(trouble.errno or 0, f"Mappen gick inte att skriva i ({type(trouble).__name__}).")


def _check_there(folder: Path) -> None:
    """A share that is away must not look as if everything had been fetched from it."""
    if not (folder / READY).is_dir():
        raise FileNotFoundError(errno.ENOENT, WORDS[errno.ENOENT], str(folder))


def _lay(origin: Path, goal: Path) -> None:
    if goal.exists():
        if goal.read_bytes() != origin.read_bytes():
            raise Occupied(f"I mappen ligger redan en annan fil som heter {goal.name}.")
        origin.unlink()
    else:
        origin.rename(goal)


def _ready(folder: Path, key: str, *names: str) -> Path:
    """Where it is made ready. Raises ValueError for a name that might lead elsewhere."""
    if not key.isalnum() or not all(NAME.fullmatch(name) for name in names):
        raise ValueError(f"no names for an invoice: {key!r}, {names!r}")
    return folder / READY / key


def _write(place: Path, data: bytes) -> None:
    draft = place.with_name(f"{place.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(place)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def _sync(folder: Path) -> None:
    """A name is on the disk only when its folder is."""
    door = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(door)
    finally:
        os.close(door)
