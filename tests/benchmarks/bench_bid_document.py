"""How much our own part adds to what WeasyPrint takes for the same bid: 200 requirements and 1,000 price rows."""

from __future__ import annotations

import resource
from collections.abc import Callable
from dataclasses import replace
from time import process_time

from bids.document import to_html, to_pdf
from bids.offer import Answer, Offer, Requirement, to_json
from bids.press import print_html
from tests.core.bid_samples import A_ROWS, MUST, QUALIFICATION, tender_a

LIMIT = 1.3


def large_offer(requirements: int = 200, rows: int = 1_000) -> Offer:
    """Tender A grown to the size of a large bid, without appendices."""
    return replace(
        tender_a(),
        appendices=(),
        requirements=tuple(
            Requirement(f"K{n}", MUST, QUALIFICATION, f"Leverantören ska uppfylla punkt {n} i köparens kravlista.")
            for n in range(1, requirements + 1)
        ),
        answers=tuple(
            Answer(requirement_ref=f"K{n}", answered=True, text="Uppfylls.", responsible="ljungbacken")
            for n in range(1, requirements + 1)
        ),
        rows=tuple(replace(A_ROWS[n % 6], ref=f"{n}", lot_ref=A_ROWS[n % 6].lot_ref) for n in range(1, rows + 1)),
    )


def measure() -> tuple[str, float, float]:
    """Name, ratio of processor time (our PDF to WeasyPrint's of the same HTML), and the limit it must keep under."""
    offer = large_offer()
    html = to_html(offer)
    to_pdf(replace(offer, requirements=(), answers=(), rows=A_ROWS), {})
    alone = _seconds(lambda: print_html(html, to_json(offer)))
    ours = _seconds(lambda: to_pdf(offer, {}))
    return "bid of 200 requirements and 1,000 rows, against WeasyPrint alone", ours / alone, LIMIT


def _seconds(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start


if __name__ == "__main__":
    name, ratio, limit = measure()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{name}: {ratio:.2f} (limit {limit}), {memory} MB at most")  # noqa: T201 - this is its output
