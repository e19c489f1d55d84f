"""Tables that become cards on a narrow screen: each cell must say its column's name and its role itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markupsafe import Markup

_PART = re.compile(r"<(?P<tag>tbody|tfoot|tr|th|td)\b(?P<more>[^>]*)>(?P<blank>\s*(?=</td>))?")
_COLSPAN = re.compile(r'colspan="(\d+)"')
_ROLES = {"tbody": "rowgroup", "tfoot": "rowgroup", "tr": "row", "th": "rowheader", "td": "cell"}


def stacked(body: str, columns: Sequence[str | tuple[str, str]]) -> Markup:
    """The rows of a table of ours with what cards need; a column is a name, or a name and its class.

    A table shown as blocks is none to a screen reader, so all its parts say their roles (ARIA 1.2). A cell without a
    word says no column either, nor does one that heads its row, nor a sum at the foot: its row says what it is.
    """
    labels = [column if isinstance(column, str) else column[0] for column in columns]
    return Markup("".join(_told(body, labels)))  # noqa: S704  the template has escaped the body; labels are escaped here


def _told(body: str, labels: Sequence[str]) -> Iterator[str]:
    done = column = 0
    for part in _PART.finditer(body):
        tag, more = part["tag"], part["more"]
        yield body[done : part.start()]
        if tag == "tfoot":
            labels = []
        label = labels[column] if tag == "td" and part["blank"] is None and column < len(labels) else ""
        said = f' data-label="{Markup.escape(label)}"' if label else ""
        yield f'<{tag} role="{_ROLES[tag]}"{said}{more}>'
        done = part.end()
        if tag in {"td", "th"}:
            span = _COLSPAN.search(more)
            column += int(span[1]) if span else 1
        else:
            column = 0
    yield body[done:]
