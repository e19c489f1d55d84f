"""Looks through one picture and presses it anew, in a process of its own: ``python -m app.picture_press < file``.

Whatever a hostile file does to the libraries that open it, it does to a process with little memory and little time.
The answer is a line of JSON: why the picture is refused, or its size and a list of [width, height, bytes]; after that
line the pictures themselves, as JPEG, one after the other. Nothing of the old file comes along but what can be seen:
no place, no camera, no thumbnail, no text behind the end of the picture.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from typing import NamedTuple

from PIL import Image, ImageCms

FORMATS = ("JPEG", "PNG", "WEBP")
WIDTHS = (400, 800, 1600)
"""Pixels: a card, a page, and the large picture that one looks at closely. A narrower picture is never enlarged."""
MOST_PIXELS = 40_000_000
LEAST_SIDE = 100
"""Pixels. What is smaller shows nothing on a page."""
LONGEST_TO_SHORTEST = 6
QUALITY = 80
MOST_MEMORY = 1536 * 1024**2
"""Bytes of address space; a picture of 40 megapixels with transparency takes a fifth of it."""
MOST_SECONDS = 20
"""Of processor time."""
ORIENTATION = 0x0112
"""The EXIF tag that says how the camera was held."""
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
LYING = {5, 6, 7, 8}
BROKEN = "Bilden är trasig. Spara den på nytt och välj den igen."
TOO_MANY = "Bilden har fler än 40 megapixlar. Spara den i mindre storlek."


class NoPicture(Exception):  # noqa: N818  a no is no error
    """Why the picture is refused, as the person should read it."""


class Pressed(NamedTuple):
    """One JPEG."""

    width: int
    height: int
    data: bytes


def main() -> None:
    """Read the picture from standard input and answer on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    parts: list[Pressed] = []
    answer: dict[str, object]
    try:
        width, height, parts = press(sys.stdin.buffer.read())
        answer = {"width": width, "height": height, "files": [[*part[:2], len(part.data)] for part in parts]}
    except NoPicture as no:
        answer = {"refused": str(no)}
    except Exception:  # Whatever else a picture can do to its reader, it is none that we could show.
        answer = {"refused": BROKEN}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + b"".join(part.data for part in parts))


def press(data: bytes) -> tuple[int, int, list[Pressed]]:
    """Width and height of the picture upright, and the JPEGs made from it, the narrowest first.

    Raises NoPicture; the libraries below may raise anything for a file that was made to do so.
    """
    with _opened(data) as image:
        orientation = _orientation(image)
        width, height = image.size if orientation not in LYING else image.size[::-1]
        _must_be_showable(image, width, height)
        # A JPEG can be read at a half, a quarter or an eighth: large enough for us, and so much sooner.
        image.draft("RGB", (2 * WIDTHS[-1], 2 * WIDTHS[-1]))
        seen = _on_white(_in_common_colours(image))
    if orientation in UPRIGHT:
        seen = seen.transpose(UPRIGHT[orientation])
    return width, height, list(_sizes(seen, min(width, WIDTHS[-1])))


def _opened(data: bytes) -> Image.Image:
    """Only the header is read here, so a small file that unpacks to a huge picture is stopped."""
    try:
        return Image.open(BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as wrong:
        raise NoPicture(TOO_MANY) from wrong
    except Exception as wrong:
        raise NoPicture(_what_it_is(data)) from wrong


def _what_it_is(data: bytes) -> str:
    if not data:
        return "Filen är tom. Välj bilden igen."
    if b"<svg" in data[:4096].lower():
        return "SVG-bilder kan bära program och tas inte emot. Spara bilden som PNG."
    if data[4:8] == b"ftyp":
        return "Bilden är sparad i HEIC eller AVIF, som inte alla kan se. Spara den som JPEG och välj den igen."
    return "Filen är ingen bild i JPEG, PNG eller WebP. Välj en sådan."


def _must_be_showable(image: Image.Image, width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise NoPicture(TOO_MANY)
    if min(width, height) < LEAST_SIDE:
        raise NoPicture(f"Bilden är för liten. Den ska vara minst {LEAST_SIDE} bildpunkter på varje ledd.")
    if max(width, height) > LONGEST_TO_SHORTEST * min(width, height):
        raise NoPicture("Bilden är för smal. Beskär den så att den närmar sig en vanlig bild i formen.")
    if image.format in {"PNG", "WEBP"} and getattr(image, "is_animated", False):
        raise NoPicture("Bilden rör sig. Välj en stillbild.")  # A telephone's JPEG may hold a second one: no animation.


def _orientation(image: Image.Image) -> int:
    """How to turn the picture; 1 when its EXIF says nothing or cannot be read."""
    with suppress(Exception):
        return int(image.getexif().get(ORIENTATION, 1))
    return 1


def _in_common_colours(image: Image.Image) -> Image.Image:
    """The picture in RGB as screens without a colour profile show it (sRGB), with transparency where it had any."""
    image.load()
    if image.mode.startswith("I"):  # sixteen bits of grey
        image = image.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    clear = "A" in image.getbands() or "transparency" in image.info
    wanted = "RGBA" if clear else "RGB"
    profile = image.info.get("icc_profile")
    if profile and image.mode in {"RGB", "RGBA", "CMYK"}:
        with suppress(Exception):  # A profile that cannot be read is none.
            told = ImageCms.ImageCmsProfile(BytesIO(profile))
            seen = ImageCms.profileToProfile(image, told, ImageCms.createProfile("sRGB"), outputMode=wanted)
            return seen or image.convert(wanted)
    return image.convert(wanted)


def _on_white(image: Image.Image) -> Image.Image:
    """Pages and paper are white, and JPEG knows no transparency."""
    if image.mode == "RGB":
        return image
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _sizes(image: Image.Image, widest: int) -> Iterator[Pressed]:
    """New files, so that nothing hidden in the old one comes along."""
    for width in [width for width in WIDTHS if width < widest] + [widest]:
        height = max(1, round(image.height * width / image.width))
        small = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
        small.info.clear()
        packed = BytesIO()
        small.save(packed, "JPEG", quality=QUALITY, optimize=True, progressive=True)
        yield Pressed(width, height, packed.getvalue())


if __name__ == "__main__":
    main()
