"""What to look at in a notice besides what it leaves out: codes that are in none of the EU's lists. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from app import cpv
from app.tenders.watching.whereabouts import is_area
from bids.notice_values import Notice

MOST = 5
"""So many codes of a kind are written out."""


def doubts(notice: Notice) -> list[str]:
    """A Swedish sentence for the codes that cannot be; none when all are known. The tender keeps what was written."""
    written = (notice.cpv_main, *notice.cpv_additional, *(code for lot in notice.lots for code in lot.cpv))
    strange = [
        *_named("CPV-koden", "CPV-koderna", (code for code in written if code and not cpv.exists(code))),
        *_named("NUTS-koden", "NUTS-koderna", (code for code in notice.areas if not is_area(code))),
    ]
    if not strange:
        return []
    named = " och ".join(strange)
    kept = "De står kvar som köparen skrev dem. Kontrollera i annonsen vad som menas."
    return [f"Annonsen har koder som inte finns i EU:s listor: {named}. {kept}"]


def _named(one: str, many: str, codes: Iterable[str]) -> list[str]:
    found = list(dict.fromkeys(codes))
    if not found:
        return []
    more = f" och {len(found) - MOST} till" if len(found) > MOST else ""
    return [f"{one if len(found) == 1 else many} {', '.join(f'”{code[:40]}”' for code in found[:MOST])}{more}"]
