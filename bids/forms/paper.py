"""Writes into the tables of a Word document through its XML: all that is not an answer stays as it is."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

from lxml import etree

from app.money import NO_BREAK_SPACE
from bids.forms import word
from bids.forms.entries import MERGED, MISSING, CannotFill, Entry, Left
from bids.forms.parcel import clean, rewritten, written
from bids.forms.word import DOCUMENT, W14, Node, Place, w

YES = ("ja", "yes", "x")
NO = ("nej", "no")
BOXES = {True: "\u2612", False: "\u2610"}


def fill(data: bytes, entries: Iterable[Entry]) -> tuple[bytes, list[Left]]:
    """The document with the entries in it, and which cells were left. Raises CannotFill."""
    with ZipFile(BytesIO(data)) as parcel:
        root = word.parsed(parcel.read(DOCUMENT))
    grids: dict[int, list[list[Place]]] = {}
    tables = word.tables(root)
    left = []
    for entry in entries:
        if entry.table.place >= len(tables):
            raise CannotFill(f"{entry.table.title} finns inte i filen.")
        grid = grids.setdefault(entry.table.place, word.grid(tables[entry.table.place]))
        reason = _write(grid, entry)
        if reason:
            left.append(Left(f"{entry.table.title}, rad {entry.line}, kolumn {entry.column + 1}", reason))
    return rewritten(data, {DOCUMENT: written(root)}), left


def kronor(amount: Decimal) -> str:
    """``1 250,50``, with spaces that do not break."""
    return f"{amount:,.2f}".replace(",", NO_BREAK_SPACE).replace(".", ",")


def _write(grid: list[list[Place]], entry: Entry) -> str:
    """Why the cell was left as it was; nothing where it was written in."""
    line = grid[entry.line - 1] if 0 < entry.line <= len(grid) else []
    place = next((each for each in line if each.column <= entry.column < each.column + each.width), None)
    if place is None:
        return MISSING
    if place.continues:
        return MERGED
    text = clean(entry.text) if entry.number is None else kronor(entry.number)
    if not (_ticked(place.node, text) or _chosen(place.node, text)):
        _written(place.node, text)
    return ""


def _ticked(cell: Node, text: str) -> bool:
    """Tick the box in front of a yes or a no, or the only box there is; False where there are none to tick."""
    controls = [box for box in cell.iter(w("sdt")) if box.find(f"{w('sdtPr')}/{{{W14}}}checkbox") is not None]
    said = text.casefold().rstrip(".")
    meant = YES if said in YES else NO if said in NO else ()
    if not controls or not meant:
        return False
    if len(controls) == 1:
        _tick(controls[0], said in YES)
        return True
    named = [control for control in controls if _words_after(control).casefold().startswith(meant)]
    if len(named) != 1:
        return False
    for control in controls:
        _tick(control, control is named[0])
    return True


def _words_after(control: Node) -> str:
    """What stands behind a box, up to the next one."""
    words = ""
    node = control.getnext()
    while node is not None and node.tag != w("sdt"):
        words += "".join(node.itertext(w("t")))
        node = node.getnext()
    return words.strip()


def _tick(control: Node, is_on: bool) -> None:
    box = control.find(f"{w('sdtPr')}/{{{W14}}}checkbox")
    state = box.find(f"{{{W14}}}checked")
    if state is None:
        state = etree.Element(f"{{{W14}}}checked")
        box.insert(0, state)
    state.set(f"{{{W14}}}val", "1" if is_on else "0")
    for sign in control.iterfind(f".//{w('sdtContent')}//{w('t')}"):
        sign.text = _sign_of(box, is_on)


def _sign_of(box: Node, is_on: bool) -> str:
    """The sign that the box itself says it shows."""
    state = box.find(f"{{{W14}}}{'checkedState' if is_on else 'uncheckedState'}")
    code = "" if state is None else state.get(f"{{{W14}}}val") or ""
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return BOXES[is_on]


def _chosen(cell: Node, text: str) -> bool:
    """Write into a control of the cell: what a drop-down offers, or a text; False where there is none that fits."""
    around = word.wrapper(cell)
    for control in [*cell.iter(w("sdt")), *([] if around is None else [around])]:
        properties = control.find(w("sdtPr"))
        if properties is None or properties.find(f"{{{W14}}}checkbox") is not None:
            continue
        offered = [item.get(w("displayText")) or item.get(w("value")) or "" for item in properties.iter(w("listItem"))]
        said = next((word for word in offered if word.casefold() == text.casefold()), None)
        if offered and said is None:
            continue
        content = control.find(w("sdtContent"))
        if content is None or content.find(f".//{w('sdt')}") is not None:
            continue
        for placeholder in properties.findall(w("showingPlcHdr")):
            properties.remove(placeholder)
        _replace(content, said or text)
        return True
    return False


def _replace(content: Node, text: str) -> None:
    """The control's words become ours; they look like what the control says that they look like."""
    runs = list(content.iter(w("r")))
    if not runs:
        paragraph = next(content.iter(w("p")), content)
        runs = [etree.SubElement(paragraph, w("r"))]
    for run in runs[1:]:
        run.getparent().remove(run)
    look = runs[0].find(f"{w('rPr')}")
    if look is not None:
        for style in look.findall(w("rStyle")):
            look.remove(style)  # It is that of the words that asked to be written over.
    for child in [each for each in runs[0] if each.tag != w("rPr")]:
        runs[0].remove(child)
    _say(runs[0], text)


def _written(cell: Node, text: str) -> None:
    """In the cell's first paragraph when it is empty, else in a new one below what is there."""
    paragraphs = cell.findall(w("p"))
    there = word.text_of(cell).strip()
    if paragraphs and not there:
        paragraph = paragraphs[0]
    else:
        paragraph = etree.Element(w("p"))
        if paragraphs:
            paragraphs[-1].addnext(paragraph)
            if (look := paragraphs[-1].find(w("pPr"))) is not None:
                paragraph.append(deepcopy(look))
        else:
            cell.append(paragraph)
    run = etree.SubElement(paragraph, w("r"))
    look = paragraph.find(f"{w('pPr')}/{w('rPr')}")
    if look is not None:
        run.append(deepcopy(look))
    _say(run, text)


def _say(run: Node, text: str) -> None:
    for number, line in enumerate(text.split("\n")):
        if number:
            etree.SubElement(run, w("br"))
        words = etree.SubElement(run, w("t"))
        words.text = line
        words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
