"""Our typeface in a PDF that is written by hand: the glyphs used, their widths, and the way back to letters."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from io import BytesIO
from typing import Any

import pikepdf
from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from pikepdf import Array, Dictionary, Name, String

from bids.letters import Letters
from bids.typeface import FONT_FILES

SYMBOLIC = 4


class Face(Letters):
    """One face, and the letters that were written with it."""

    def __init__(self, name: str) -> None:
        """``name`` is a file of the typeface without its ending, as AtkinsonHyperlegible-Regular."""
        self.name = name
        self.file = (FONT_FILES / f"{name}.ttf").read_bytes()
        font = TTFont(BytesIO(self.file))
        self.order: dict[str, int] = font.getReverseGlyphMap()
        self.glyphs: dict[int, str] = font.getBestCmap()
        self.advances: dict[str, tuple[int, int]] = font["hmtx"].metrics
        super().__init__(
            font["head"].unitsPerEm, {letter: self.advances[glyph][0] for letter, glyph in self.glyphs.items()}
        )
        self.box = [font["head"].xMin, font["head"].yMin, font["head"].xMax, font["head"].yMax]
        self.ascent, self.descent = font["hhea"].ascent, font["hhea"].descent
        self.used: dict[int, str] = {}

    def shown(self, text: str) -> bytes:
        """The string that draws the text, which must be readable."""
        codes = []
        for letter in text:
            glyph = self.order[self.glyphs[ord(letter)]]
            self.used.setdefault(glyph, letter)
            codes.append(f"{glyph:04x}")
        return f"<{''.join(codes)}>".encode()

    def embed(self, pdf: pikepdf.Pdf) -> Any:
        """The face as a font of the PDF, with all letters written until now."""
        scale = 1000 / self.em
        name = f"BIDTXT+{self.name}"
        widths = Array()
        for glyph in sorted(self.used):
            letter = self.glyphs[ord(self.used[glyph])]
            widths.append(glyph)
            widths.append(Array([round(self.advances[letter][0] * scale)]))
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name(f"/{name}"),
            Flags=SYMBOLIC,
            FontBBox=Array([round(side * scale) for side in self.box]),
            ItalicAngle=0,
            Ascent=round(self.ascent * scale),
            Descent=round(self.descent * scale),
            CapHeight=668,
            StemV=80,
            FontFile2=pdf.make_stream(_subset(self.name, frozenset(self.used.values()))),
        )
        drawn = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=Name(f"/{name}"),
            CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
            CIDToGIDMap=Name.Identity,
            FontDescriptor=pdf.make_indirect(descriptor),
            W=widths,
        )
        return pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=Name(f"/{name}"),
                Encoding=Name("/Identity-H"),
                DescendantFonts=Array([pdf.make_indirect(drawn)]),
                ToUnicode=pdf.make_stream(_to_unicode(self.used.items())),
            )
        )


@cache
def _subset(name: str, letters: frozenset[str]) -> bytes:
    font = TTFont(BytesIO((FONT_FILES / f"{name}.ttf").read_bytes()), recalcTimestamp=False)
    options = Options()
    options.retain_gids = True
    options.layout_features = []
    options.name_IDs = []
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=sorted(map(ord, letters)))
    subsetter.subset(font)
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def _to_unicode(used: Iterable[tuple[int, str]]) -> bytes:
    lines = [f"<{glyph:04x}> <{letter.encode('utf-16-be').hex()}>" for glyph, letter in sorted(used)]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    mapped = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{mapped}\nendcmap CMapName currentdict /CMap defineresource pop end end\n"
    ).encode()
