"""A picture of one pixel whose colour is a number: it keeps a place in the layout and says whose it is."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import pikepdf
from pikepdf import Name


def picture(index: int) -> bytes:
    """A PNG of one pixel, unlike that of every other index under 2 ** 24."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(b"\0" + index.to_bytes(3, "big"))
    chunks = ((b"IHDR", header), (b"IDAT", pixel), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def index_of(drawn: Any) -> int | None:
    """The index of the placeholder that a PDF draws, or None when it is another picture."""
    if not isinstance(drawn, pikepdf.Stream) or drawn.get("/Subtype") != Name.Image:
        return None
    if int(drawn.Width) != 1 or int(drawn.Height) != 1:
        return None
    pixel = drawn.read_bytes()
    return int.from_bytes(pixel[-3:], "big") if len(pixel) >= 3 else None
