"""Presses that share the work, one that is killed while it prints, and what is kept of it."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from bids.bindery import make
from bids.document import Sheaf, press_here
from bids.pressing import SMALL, Presses, PressStopped, Shelf
from tests.core.bid_samples import tender_a

LONG = "<p>En rad med text som ska tryckas.</p>" * 60


def sheaves(many: int = 4) -> list[Sheaf]:
    """More letters than are printed without a press of their own."""
    filling = "<!--" + "x" * (SMALL // 2) + "-->"
    return [Sheaf(f"del-{n}", f"<html lang=sv><title>x</title>{filling}<h2>{n}</h2>{LONG}") for n in range(many)]


def presses_of_ours() -> list[int]:
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parent = (place / "stat").read_text().rpartition(")")[2].split()[1]
            command = (place / "cmdline").read_bytes()
        except OSError:
            continue
        if int(parent) == os.getpid() and b"bids.pressing" in command:
            found.append(int(place.name))
    return found


def test_pages_are_those_that_one_press_alone_gives(tmp_path):
    told = []
    found = Presses(Shelf(tmp_path), lambda done, total: told.append((done, total)))(sheaves())
    assert found == press_here(sheaves())
    assert told == [(n, 4) for n in range(5)]
    assert presses_of_ours() == []


def test_a_press_that_is_killed_is_replaced(tmp_path):
    killed = []

    def kill_one(done: int, _total: int) -> None:
        if done == 1:
            for pid in presses_of_ours():
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)

    found = Presses(Shelf(tmp_path), kill_one)(sheaves(6))
    assert killed
    assert found == press_here(sheaves(6))


def test_what_was_ready_is_kept_when_pages_cannot_be_printed(tmp_path):
    good, shelf = sheaves(3), Shelf(tmp_path)
    bad = Sheaf("trasig", "<html lang=sv>" + "<div>" * 4_000 + f"<!--{'x' * SMALL}-->x")
    with pytest.raises(PressStopped, match="trasig"):
        Presses(shelf)([*good, bad])
    Presses(shelf)(good)
    told = []
    Presses(shelf, lambda done, total: told.append((done, total)))(good)
    assert told == [(3, 3)]


def test_a_member_that_has_taken_its_picture_away_stops_no_bid(tmp_path):
    first, *others = tender_a().parties
    party = replace(first, about="Vi är vi.", picture="ab" * 32, picture_words="Vi")
    offer = replace(tender_a(), parties=(party, *others), appendices=())
    without = replace(offer, parties=(replace(party, picture="", picture_words=""), *others))
    presses = Presses(Shelf(tmp_path / "shelf"))
    assert make(offer, tmp_path, presses) == make(without, tmp_path, presses)


def test_pages_on_the_shelf_are_believed_only_when_they_are_whole(tmp_path):
    shelf, sheaf = Shelf(tmp_path), Sheaf("a", "<p>a")
    shelf.put(sheaf, b"pages")
    assert shelf.get(sheaf) == b"pages"
    assert shelf.get(Sheaf("b", "<p>a")) is None
    assert shelf.get(Sheaf("a", "<p>a", {"bid:x": b"1"})) is None
    (place,) = tmp_path.iterdir()
    place.write_bytes(place.read_bytes()[:-1])
    assert shelf.get(sheaf) is None


def test_a_full_or_missing_disk_only_costs_time(tmp_path):
    (tmp_path / "file").write_text("")
    shelf = Shelf(tmp_path / "file" / "below")
    shelf.put(Sheaf("a", "<p>a"), b"pages")
    assert shelf.get(Sheaf("a", "<p>a")) is None
    shelf.clear_out(time.time())


def test_what_nobody_has_asked_for_is_taken_away(tmp_path):
    shelf, sheaf = Shelf(tmp_path), Sheaf("a", "<p>a")
    shelf.put(sheaf, b"pages")
    now = time.time()
    shelf.clear_out(now + 13 * 24 * 3600)
    assert shelf.get(sheaf) == b"pages"
    shelf.clear_out(now + 15 * 24 * 3600)
    assert shelf.get(sheaf) is None
