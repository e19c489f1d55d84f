"""Joins tagged PDFs to one: pages, structure, bookmarks, and links from one part into another.

`pages.extend` alone loses the structure tree, and every validator says so. Each part brings its own tree; the numbers
by which pages and links find their places in it are moved along.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, String

TO = "bid:to/"
"""How a part writes a link to an anchor that may stand in another part: ``bid:to/bilaga-4``."""


@dataclass(slots=True)
class Mark:
    """A bookmark: its words, the page (from nought) and the point it leads to, and those under it."""

    title: str
    page: int
    x: float
    y: float
    under: list[Mark] = field(default_factory=list)


class Part:
    """A PDF that WeasyPrint printed, open: its pages, and where its anchors stand (page from nought, point)."""

    def __init__(self, data: bytes) -> None:
        self.pdf = pikepdf.open(BytesIO(data))
        self.pages = len(self.pdf.pages)
        self.places = {page.obj.objgen: number for number, page in enumerate(self.pdf.pages)}
        self.anchors = {name: self._place(place) for name, place in _named(self.pdf)}

    def _place(self, place: Any) -> tuple[int, float, float]:
        page, _kind, x, y, _zoom = place.as_list()
        return self.places[page.objgen], float(x), float(y)

    def marks(self, parent: Any, first: int) -> list[Mark]:
        """The bookmarks under a node of its outline, its first page having that number."""
        found: list[Mark] = []
        node = parent.get("/First") if parent is not None else None
        while node is not None:
            page, x, y = self._place(node.Dest)
            found.append(Mark(str(node.Title), first + page, x, y, self.marks(node, first)))
            node = node.get("/Next")
        return found


class Book:
    """One PDF that grows part by part. What is added later stands after what is there."""

    def __init__(self) -> None:
        self.pdf = pikepdf.new()
        self.parents = Array()
        self.kids = Array()
        self.next_parent = 0
        self.anchors: dict[str, tuple[int, float, float]] = {}
        self.marks: list[Mark] = []
        self._sources: list[pikepdf.Pdf] = []
        root = self.pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self.document = self.pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root))
        root.K = Array([self.document])
        self.root = root

    def add(self, part: Part) -> range:
        """Add a part; the pages that it got, counted from nought."""
        self._sources.append(part.pdf)
        first = len(self.pdf.pages)
        self.pdf.pages.extend(part.pdf.pages)
        pages = range(first, len(self.pdf.pages))
        self._take_tree(part.pdf, pages)
        self.anchors |= {name: (first + page, x, y) for name, (page, x, y) in part.anchors.items()}
        self.marks += part.marks(part.pdf.Root.get("/Outlines"), first)
        return pages

    def keep(self, source: pikepdf.Pdf) -> None:
        """Hold a file open whose pages were taken: their bytes are read when the book is saved."""
        self._sources.append(source)

    def _take_tree(self, source: pikepdf.Pdf, pages: range) -> None:
        tree = self.pdf.copy_foreign(source.Root.StructTreeRoot)
        (document,) = tree.K.as_list()
        for kid in document.K.as_list():
            kid.P = self.document
            self.kids.append(kid)
        numbers = tree.ParentTree.Nums.as_list()
        for number, parents in zip(numbers[::2], numbers[1::2], strict=True):
            self.parents.append(int(number) + self.next_parent)
            self.parents.append(parents)
        for page in (self.pdf.pages[number] for number in pages):
            page.obj.StructParents = int(page.obj.StructParents) + self.next_parent
            for note in page.obj.get("/Annots", Array()).as_list():
                note.StructParent = int(note.StructParent) + self.next_parent
        self.next_parent += max((int(number) for number in numbers[::2]), default=-1) + 1

    def close(self, words: Mapping[str, str]) -> pikepdf.Pdf:
        """Write down what holds the parts together; `words` says what a link to an anchor is called.

        Raises ValueError for a link to an anchor that no part has.
        """
        self.document.K = self.kids
        self.root.ParentTree = self.pdf.make_indirect(Dictionary(Nums=self.parents))
        self.root.ParentTreeNextKey = self.next_parent
        root = self.pdf.Root
        root.StructTreeRoot = self.root
        root.MarkInfo = Dictionary(Marked=True)
        root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        self._lead_links(words)
        dests = Array()
        for name in sorted(self.anchors, key=lambda name: name.encode()):
            page, x, y = self.anchors[name]
            dests.append(String(name))
            dests.append(Array([self.pdf.pages[page].obj, Name.XYZ, x, y, 0]))
        root.Names = Dictionary(Dests=self.pdf.make_indirect(Dictionary(Names=dests)))
        with self.pdf.open_outline() as outline:
            outline.root.extend(self._outline(self.marks))
        return self.pdf

    def _lead_links(self, words: Mapping[str, str]) -> None:
        for page in self.pdf.pages:
            for note in page.obj.get("/Annots", Array()).as_list():
                address = str(note.get("/A", Dictionary()).get("/URI", ""))
                if address.startswith(TO):
                    anchor = address.removeprefix(TO)
                    if anchor not in self.anchors:
                        raise ValueError(f"a link leads to {anchor}, which is nowhere")
                    del note["/A"]
                    note.Dest = String(anchor)
                    note.Contents = String(words.get(anchor, anchor))

    def _outline(self, marks: list[Mark]) -> Iterator[OutlineItem]:
        for mark in marks:
            place = Array([self.pdf.pages[mark.page].obj, Name.XYZ, mark.x, mark.y, 0])
            item = OutlineItem(mark.title, destination=place)
            item.children.extend(self._outline(mark.under))
            yield item


def _named(pdf: pikepdf.Pdf) -> Iterator[tuple[str, Any]]:
    named = pdf.Root.get("/Names", Dictionary()).get("/Dests", Dictionary()).get("/Names", Array()).as_list()
    for name, place in zip(named[::2], named[1::2], strict=True):
        yield str(name), place
