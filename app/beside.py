"""What a worker does beside its jobs: looks each second for what is due, and does it in threads of its own.

It is for what may wait long for other people's servers: however many of them hang, no job waits for them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import structlog

from app.db import db, only_reading
from app.queue import InApp

log = structlog.get_logger()


def look_after(
    in_app: InApp,
    stop: threading.Event,
    *,
    what: str,
    due: Callable[[], Iterable[int]],
    do: Callable[[int], None],
    side_by_side: int,
) -> None:
    """Do what is due, by its ids, until told to stop. A database that is away for a while comes back."""
    only_reading.set(True)  # to look takes nobody's place; what is done has threads of its own
    going_on: set[int] = set()
    with ThreadPoolExecutor(side_by_side, thread_name_prefix=what) as pool:
        while not stop.wait(1):
            try:
                with in_app():
                    found = due()
                    db.session.rollback()
                for one in set(found) - going_on:
                    going_on.add(one)
                    pool.submit(_do_in_thread, in_app, do, one, going_on, what)
            except Exception as trouble:  # A worker goes on with its jobs, and so with this.
                log.warning("not looked after", what=what, trouble=str(trouble))


def _do_in_thread(in_app: InApp, do: Callable[[int], None], one: int, going_on: set[int], what: str) -> None:
    try:
        with in_app():
            do(one)
    except Exception:
        log.exception("failed beside the jobs", what=what, id=one)
    finally:
        going_on.discard(one)
