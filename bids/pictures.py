"""Pictures for print: looked at before they are unpacked, turned upright, freed of hidden data."""

from __future__ import annotations

from io import BytesIO
from threading import Lock

import pypdfium2  # type: ignore[import-untyped]
from PIL import Image, ImageOps, UnidentifiedImageError

from bids.refusal import AppendixRefused

FORMATS = ("PNG", "JPEG", "WEBP")
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 3_000
"""Pixels: 250 dots an inch on A4."""
DOTS_AN_INCH = 200
ONE_AT_A_TIME = Lock()
"""PDFium must not be entered by two threads."""


def size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels. Raises AppendixRefused for what is no PNG, JPEG or WebP, broken, or too large."""
    with _opened(data) as image:
        try:
            image.verify()
        except (OSError, SyntaxError, ValueError) as wrong:
            raise AppendixRefused("Bilden är trasig. Spara den på nytt och ladda upp den igen.") from wrong
        return image.size


def media_type(data: bytes) -> str:
    """``image/png``, ``image/jpeg`` or ``image/webp``, from the bytes themselves."""
    with _opened(data) as image:
        return f"image/{(image.format or '').lower()}"


def _opened(data: bytes) -> Image.Image:
    """Only the header is read here, so a small file that unpacks to a huge picture is stopped."""
    try:
        image = Image.open(BytesIO(data), formats=FORMATS)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as wrong:
        if b"<svg" in data[:4096].lower():
            raise AppendixRefused("SVG-bilder kan bära program och tas inte emot. Spara bilden som PNG.") from wrong
        raise AppendixRefused("Filen är varken en PDF eller en bild i PNG, JPEG eller WebP. Välj en sådan.") from wrong
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as wrong:
        raise AppendixRefused(TOO_MANY) from wrong
    if image.width * image.height > MOST_PIXELS:
        image.close()
        raise AppendixRefused(TOO_MANY)
    return image


TOO_MANY = "Bilden har fler än 40 megapixlar. Spara den i mindre storlek."


def printable(data: bytes) -> tuple[bytes, float, float]:
    """The picture upright and without place or camera data, with its width and height in pixels."""
    with _opened(data) as image:
        try:
            upright = ImageOps.exif_transpose(image)
        except (OSError, SyntaxError, ValueError) as wrong:
            raise AppendixRefused("Bilden är trasig. Spara den på nytt och ladda upp den igen.") from wrong
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        flat = _on_white(upright)
    return _packed(flat, lossless=image.format == "PNG"), float(flat.width), float(flat.height)


def _on_white(image: Image.Image) -> Image.Image:
    """Paper is white, and a picture without transparency is a simpler PDF."""
    if image.mode in {"RGB", "L"}:
        return image.copy()
    layered = image.convert("RGBA")
    paper = Image.new("RGB", layered.size, "white")
    paper.paste(layered, mask=layered.getchannel("A"))
    return paper


def _packed(image: Image.Image, *, lossless: bool) -> bytes:
    """A new file, so that nothing hidden in the old one comes along."""
    image.info.clear()
    packed = BytesIO()
    if lossless:
        image.save(packed, "PNG", optimize=False)
    else:
        image.save(packed, "JPEG", quality=88)
    return packed.getvalue()


def of_page(data: bytes, index: int) -> bytes:
    """One page of a PDF as a picture, annotations and filled-in fields included."""
    try:
        with ONE_AT_A_TIME, pypdfium2.PdfDocument(data) as pdf:
            pdf.init_forms()
            page = pdf[index]
            scale = min(DOTS_AN_INCH / 72, LONGEST_SIDE / max(page.get_size()))
            image = page.render(scale=scale).to_pil().convert("RGB")
    except (pypdfium2.PdfiumError, ValueError) as wrong:
        raise AppendixRefused(
            "En sida i PDF-filen går inte att återge. Spara dokumentet som PDF/A och ladda upp det igen."
        ) from wrong
    return _packed(image, lossless=len(image.getcolors(4096) or ()) > 0)
