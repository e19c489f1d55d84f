"""The tables in a Word document as its XML has them: rows, cells, merged cells, what is written, what can be chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

from lxml import etree

Node: TypeAlias = Any
"""An element; the library has no types."""
DOCUMENT = "word/document.xml"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_THROUGH = {f"{{{W}}}{name}" for name in ("sdt", "sdtContent", "ins", "customXml", "smartTag", "moveTo")}
"""What may stand around a row or a cell without being one."""
_NOT_READ = {f"{{{W}}}{name}" for name in ("del", "moveFrom", "rPr", "pPr", "sdtPr", "tcPr", "instrText")}


def w(name: str) -> str:
    """The name in the namespace of Word."""
    return f"{{{W}}}{name}"


@dataclass(frozen=True, slots=True)
class Place:
    """One cell of a row."""

    node: Node
    column: int
    """From 0, counted in the columns of the grid."""
    width: int = 1
    starts: bool = False
    """It may go on in the rows below."""
    continues: bool = False
    """It is the continuation of a cell above, and what is written in it is not seen."""


def parsed(data: bytes) -> Node:
    """The document's root. Raises etree.XMLSyntaxError."""
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def tables(root: Node) -> list[Node]:
    """The tables that do not lie in another; one written twice for old and new programs counts once."""
    return [
        table
        for table in root.iter(w("tbl"))
        if not any(
            above.tag in {w("tbl"), w("del")} or above.tag.endswith("}Fallback") for above in table.iterancestors()
        )
    ]


def grid(table: Node) -> list[list[Place]]:
    """The cells of each row."""
    return [list(_places(row)) for row in _inner(table, w("tr"))]


def _places(row: Node) -> Iterator[Place]:
    before = row.find(f"{w('trPr')}/{w('gridBefore')}")
    column = _number(before, 0)
    for cell in _inner(row, w("tc")):
        properties = cell.find(w("tcPr"))
        width = max(1, min(_number(_found(properties, "gridSpan"), 1), 100))
        merge = _found(properties, "vMerge")
        starts = merge is not None and merge.get(w("val")) == "restart"
        yield Place(cell, column, width, starts, merge is not None and not starts)
        column += width


def _found(properties: Node | None, name: str) -> Node | None:
    return None if properties is None else properties.find(w(name))


def _number(node: Node | None, otherwise: int) -> int:
    written = "" if node is None else node.get(w("val")) or ""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 6 else otherwise


def _inner(node: Node, tag: str) -> Iterator[Node]:
    for child in node:
        if child.tag == tag:
            yield child
        elif child.tag in _THROUGH:
            yield from _inner(child, tag)


def text_of(cell: Node, numbers: Mapping[Node, str] = MappingProxyType({})) -> str:
    """What a reader sees, a line a paragraph; nothing for the words that only ask to be written over.

    ``numbers`` are those that the program writes in front of paragraphs.
    """
    around = wrapper(cell)
    if around is not None and _is_placeholder(around):
        return ""
    lines = (f"{numbers.get(each, '')} {''.join(_signs(each)).strip()}".strip() for each in cell.iter(w("p")))
    return "\n".join(line for line in lines if line)


def wrapper(cell: Node) -> Node | None:
    """The control that holds the whole cell, if one does."""
    content = cell.getparent()
    if content is None or content.tag != w("sdtContent") or len(content.findall(w("tc"))) != 1:
        return None
    return content.getparent()


def _signs(node: Node) -> Iterator[str]:
    for child in node:
        if child.tag in _NOT_READ or (child.tag == w("sdt") and _is_placeholder(child)):
            continue
        if child.tag == w("t"):
            yield child.text or ""
        elif child.tag == w("tab"):
            yield " "
        elif child.tag in {w("br"), w("cr")}:
            yield "\n"
        elif child.tag == w("noBreakHyphen"):
            yield "-"
        elif isinstance(child.tag, str) and child.tag != w("p"):
            yield from _signs(child)


def _is_placeholder(control: Node) -> bool:
    return control.find(f"{w('sdtPr')}/{w('showingPlcHdr')}") is not None


def numbers_itself(cell: Node) -> bool:
    """Whether the program writes a number into the cell that stands nowhere in the file."""
    return cell.find(f".//{w('numPr')}") is not None


def choices(cell: Node) -> tuple[str, ...]:
    """What a drop-down in the cell offers."""
    items = [*cell.iter(w("dropDownList")), *cell.iter(w("comboBox"))]
    found = [
        item.get(w("displayText")) or item.get(w("value")) or "" for box in items for item in box.iter(w("listItem"))
    ]
    return tuple(word for word in found if word.strip())[:50]


def heading_before(table: Node) -> str:
    """The last words before the table, if any stand between it and the table before."""
    node = table.getprevious()
    while node is not None and node.tag == w("p"):
        if text := "".join(_signs(node)).strip():
            return " ".join(text.split())
        node = node.getprevious()
    return ""
