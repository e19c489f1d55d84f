"""Pictures for tests: drawn here, as telephones and as people with other intentions make them."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from PIL import Image

ORIENTATION, GPS, MAKE = 0x0112, 0x8825, 0x010F
CAMERA = "Kamera Exempel 3000"


def photo(
    width: int = 900, height: int = 600, *, kind: str = "JPEG", turned: int = 1, shade: int = 0, camera: str = CAMERA
) -> bytes:
    """A picture with a red left half and a blue right half; as JPEG it tells camera and place, as a telephone does."""
    image = Image.new("RGB", (width, height), (20, 40, 200 - shade))
    image.paste((200 - shade, 30, 30), (0, 0, width // 2, height))
    out = BytesIO()
    exif = Image.Exif()
    exif[ORIENTATION] = turned
    exif[MAKE] = camera
    exif.get_ifd(GPS).update({1: "N", 2: (57.0, 42.0, 32.1), 3: "E", 4: (11.0, 58.0, 3.9)})
    image.save(out, kind, exif=exif, comment=b"hemma hos oss") if kind == "JPEG" else image.save(out, kind)
    return out.getvalue()


def see_through() -> bytes:
    """A PNG of which nothing can be seen."""
    out = BytesIO()
    Image.new("RGBA", (300, 200), (255, 0, 0, 0)).save(out, "PNG")
    return out.getvalue()


def moving(kind: str) -> bytes:
    """An animation of two frames."""
    out = BytesIO()
    frames = [Image.new("RGB", (200, 200), colour) for colour in ("red", "blue")]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


def huge(side: int = 20_000) -> bytes:
    """A white PNG of 400 megapixels in some fifty kilobytes."""
    row = b"\0" + b"\xff" * ((side + 7) // 8)
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(row * 100) for _ in range(side // 100)) + packer.flush()
    parts = [(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)), (b"IDAT", packed), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def text_bomb() -> bytes:
    """A small PNG with a text that unpacks to half a gigabyte."""
    picture = photo(200, 200, kind="PNG")
    text = b"Comment\0\0" + zlib.compress(b"x" * 500_000_000, 9)
    return picture[:33] + _chunk(b"zTXt", text) + picture[33:]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><body><script>alert(1)</script></body></html>"
