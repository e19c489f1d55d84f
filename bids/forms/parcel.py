"""A zip file with some of its parts written anew; all others come out byte for byte as they went in."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZipFile

from lxml import etree


def rewritten(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The same parcel: order, dates and packing of its parts stay."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w") as new:
        for info in old.infolist():
            new.writestr(info, parts.get(info.filename, old.read(info)), compress_type=info.compress_type)
    return out.getvalue()


def written(root: etree._Element) -> bytes:
    """A part's bytes, as office programs write them."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def clean(text: str) -> str:
    """Without the signs that XML cannot hold."""
    return "".join(sign for sign in text.replace("\r\n", "\n") if sign in "\n\t" or (ord(sign) >= 32 and _may_be(sign)))


def _may_be(sign: str) -> bool:
    return not (0xD800 <= ord(sign) <= 0xDFFF or ord(sign) in {0xFFFE, 0xFFFF})
