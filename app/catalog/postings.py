"""In which articles each token stands, as sets of ids that are quick to hold against one another.

The databases' full text finds a rare word at once, but to hold two common words against each other it walks all that
each of them stands in: a million articles cost fifty times what twenty thousand do. Here a token has a row for each
block of ids, and a word that stands in a hundred thousand articles is read and compared in a millisecond. It is written
by the same act that writes the full text, and so follows a change at once.

A block's ids lie in the shorter of two ways: as two bytes for each, or as a bit for each id that there could be.
"""

from __future__ import annotations

import json
import struct
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import LargeBinary, delete, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.catalog.vocabulary import EXACT
from app.db import Base, db

BLOCK = 65_528
"""So many ids share a row: as many as two bytes can count, and as bits they fill an odd number of bytes."""
_AS_BITS = BLOCK // 8
"""The length of a block as bits. Odd as it is, it is never the length of a list of ids."""
_BIT = 128 >> np.arange(8, dtype=np.uint8)
"""The bit of each of a byte's eight places."""
_SHORT = 100
"""Where fewer bytes are changed, plain Python is quicker."""
_CHUNK = 500
_UPSERT = """INSERT INTO search_posting (term, block, ids) VALUES (:term, :block, :ids)
             ON CONFLICT (term, block) DO UPDATE SET ids = excluded.ids"""
_READ_SQLITE = """SELECT term, block, ids FROM search_posting
                  WHERE term IN (SELECT value FROM json_each(?)) AND block BETWEEN ? AND ?"""
_READ_POSTGRESQL = "SELECT term, block, ids FROM search_posting WHERE term = ANY(%s) AND block BETWEEN %s AND %s"
Bits = NDArray[np.uint8]
"""One bit for each id of a stretch of blocks."""


class Stretch(NamedTuple):
    """So many blocks from one on."""

    first: int
    size: int


class SearchPosting(Base):
    """The articles of one block of ids that have a token."""

    __tablename__ = "search_posting"
    term: Mapped[str] = mapped_column(EXACT, primary_key=True)
    block: Mapped[int] = mapped_column(primary_key=True)
    ids: Mapped[bytes] = mapped_column(LargeBinary)


def is_kept(token: str) -> bool:
    """Whether a token has postings: not running numbers, as many as articles, nor what is there for misspellings."""
    return token[0] != "v" and not is_number(token)


def is_number(token: str) -> bool:
    """Whether it is a figure of an article's number."""
    return token[0] == "d" and any(sign.isdigit() for sign in token)


def blocks(last_id: int) -> int:
    """How many blocks there are up to an id."""
    return last_id // BLOCK + 1


def read(tokens: Collection[str], stretch: Stretch) -> dict[str, Bits]:
    """The articles of a stretch that have each token."""
    first, count = stretch.first, stretch.size
    bits = {token: np.zeros(count * _AS_BITS, np.uint8) for token in tokens}
    listed: dict[str, list[tuple[int, bytes]]] = defaultdict(list)
    for token, block, ids in _rows(tokens, first, first + count - 1):
        place = (block - first) * _AS_BITS
        if len(ids) == _AS_BITS:
            bits[token][place : place + _AS_BITS] = np.frombuffer(ids, np.uint8)
        else:
            listed[token].append((place, ids))
    for token, parts in listed.items():
        _set_listed(bits[token], parts)
    return bits


def _rows(tokens: Collection[str], first: int, last: int) -> Sequence[Any]:
    """Token, block and ids. PostgreSQL is asked past the usual way, by which bytes come as text twice as long."""
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        return connection.exec_driver_sql(_READ_SQLITE, (json.dumps(list(tokens)), first, last)).all()
    driver: Any = connection.connection.driver_connection
    found: Sequence[Any] = driver.execute(_READ_POSTGRESQL, (list(tokens), first, last), binary=True).fetchall()
    return found


def both(parts: Iterable[Bits]) -> Bits:
    """What all have."""
    return reduce(np.bitwise_and, parts)


def either(parts: Iterable[Bits]) -> Bits:
    """What any has."""
    return reduce(np.bitwise_or, parts)


def ids_of(bits: Bits, stretch: Stretch, least: int | None = None) -> list[int]:
    """The ids that are set, the newest first: all of them, or at least so many if there are."""
    there = np.flatnonzero(bits != 0)  # Of truths it is eight times as quick as of numbers.
    there = there if least is None else there[-least:]
    inside = np.flatnonzero(np.unpackbits(bits[there]).view(np.bool_))
    ids = there[inside >> 3] * 8 + (inside & 7) + stretch.first * BLOCK
    found: list[int] = ids[::-1].tolist()
    return found


def of_ids(ids: Iterable[int], stretch: Stretch) -> Bits:
    """The same the other way round."""
    bits = np.zeros(stretch.size * _AS_BITS, np.uint8)
    places = np.fromiter(ids, np.int64) - stretch.first * BLOCK
    inside = places[(places >= 0) & (places < stretch.size * BLOCK)]
    _set(bits, inside >> 3, inside)
    return bits


def change(before: Mapping[int, Collection[str]], after: Mapping[int, Collection[str]]) -> None:
    """Write what has become of some articles' tokens, given by id."""
    gone, come = _by_row(before, after), _by_row(after, before)
    for block in sorted({block for block, _token in (*gone, *come)}):
        tokens = sorted({token for one, token in (*gone, *come) if one == block})
        for place in range(0, len(tokens), _CHUNK):
            _rewrite(block, tokens[place : place + _CHUNK], gone, come)


def forget() -> None:
    """Begin anew, before the whole index is written."""
    db.session.execute(delete(SearchPosting))


_Rows = Mapping[tuple[int, str], Sequence[int]]


def _by_row(these: Mapping[int, Collection[str]], others: Mapping[int, Collection[str]]) -> _Rows:
    """The places in their block of articles that have a token in these but not in the others, by block and token."""
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    for id_, tokens in these.items():
        block, place = divmod(id_, BLOCK)
        for token in set(tokens).difference(others.get(id_, ())):
            if is_kept(token):
                found[block, token].append(place)
    return found


def _rewrite(block: int, tokens: Sequence[str], gone: _Rows, come: _Rows) -> None:
    query = select(SearchPosting.term, SearchPosting.ids)
    query = query.where(SearchPosting.term.in_(tokens), SearchPosting.block == block)
    there = dict(db.session.execute(query).all())
    rows, emptied = [], []
    for token in tokens:
        key = (block, token)
        ids = _changed(there.get(token, b""), gone.get(key, ()), come.get(key, ()))
        if ids:
            rows.append({"term": token, "block": block, "ids": ids})
        elif token in there:
            emptied.append(token)
    if rows:
        db.session.execute(text(_UPSERT), rows)
    if emptied:
        db.session.execute(delete(SearchPosting).where(SearchPosting.term.in_(emptied), SearchPosting.block == block))


def _changed(written: bytes, gone: Sequence[int], come: Sequence[int]) -> bytes:
    """A block without some places and with others."""
    if len(written) + 2 * len(come) <= _SHORT:  # Most are: a member's name, say.
        left = sorted({*struct.unpack(f"<{len(written) // 2}H", written)}.difference(gone).union(come))
        return struct.pack(f"<{len(left)}H", *left)
    there = np.zeros(BLOCK, np.bool_)
    if len(written) == _AS_BITS:
        there[:] = np.unpackbits(np.frombuffer(written, np.uint8))
    else:
        there[np.frombuffer(written, "<u2")] = True
    there[list(gone)] = False
    there[list(come)] = True
    return _shorter(there)


def packed(places: Collection[int]) -> bytes:
    """A block of articles, by their places in it, as it is kept."""
    there = np.zeros(BLOCK, np.bool_)
    there[list(places)] = True
    return _shorter(there)


def _shorter(there: NDArray[np.bool_]) -> bytes:
    places = np.flatnonzero(there)
    return np.packbits(there).tobytes() if 2 * len(places) > _AS_BITS else places.astype("<u2").tobytes()


def _set_listed(bits: Bits, parts: Sequence[tuple[int, bytes]]) -> None:
    """Set what lies as two bytes for each id; of each block it is said with which byte of the bits it begins.

    What is made on the way is as small as can be: the kernel clears each fresh page of memory, which took longer than
    all the rest.
    """
    places = np.frombuffer(b"".join(ids for _begin, ids in parts), "<u2")
    where = np.repeat(np.array([begin for begin, _ids in parts]), [len(ids) // 2 for _begin, ids in parts])
    where += places >> 3
    _set(bits, where, places)


def _set(bits: Bits, where: NDArray[np.integer], places: NDArray[np.integer]) -> None:
    """In these bytes the bits of these places. Each comes once and was not set: to add is to set, and quicker."""
    np.add.at(bits, where, _BIT[places & 7])
