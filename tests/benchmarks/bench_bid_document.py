"""A bid of 12 parties, 400 requirements, 1,500 price rows and 60 appendices of 5 pages, from frozen offer to PDF.

Beside it, in the same run, one run of WeasyPrint over the same pages. Then one answer is changed and all made anew.
Processor time is what is counted, so that others on the machine do not count: what our presses took is halved, because
two of them share it; what is left when nothing needs pressing is the part that nobody shares.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pikepdf

from bids.appendices import Attached, attach
from bids.chapters import BidView
from bids.document import front_html, piece_html
from bids.offer import Answer, Appendix, Evidence, Lot, Offer, PriceRow, Requirement, from_json, to_json
from bids.pieces import pieces
from bids.press import print_html
from tests.core.bid_files import paper, picture
from tests.core.bid_samples import MUST, QUALIFICATION, share, tender_a

ROOT = Path(__file__).parents[2]
PARTIES, REQUIREMENTS, ROWS, LOTS, CARRIERS, APPENDICES, PAGES = 12, 400, 1_500, 6, 4, 60, 5
SECONDS, RATIO, AGAIN, MEGABYTES = 60.0, 0.7, 10.0, 1024.0
FRAME = """@page { @top-left { content: "Anbud: Fruktkorgar till arbetsplatser"; font: 8.5pt Atkinson }
@top-right { content: "Dnr INK 2026/114"; font: 8.5pt Atkinson }
@bottom-left { content: "Samklang"; font: 8.5pt Atkinson }
@bottom-right { content: "Sida " counter(page) " av " counter(pages); font: 8.5pt Atkinson } }
.sheet { break-before: page } .sheet img { display: block; width: 160mm; height: 200mm }"""


def large_offer() -> tuple[Offer, dict[int, bytes]]:
    """The bid, and its appendices by number."""
    first, other, *_rest = tender_a().parties
    telling = "\n\n".join(["Vi tar hand om folk och frukt, och vi gör det varje dag. " * 12] * 3)
    parties = (
        first,
        *(replace(other, key=f"p{n}", name=f"Part {n} ek. för.", about=telling) for n in range(1, PARTIES)),
    )
    files = {number: _own(number) for number in range(1, APPENDICES + 1)}
    return replace(
        tender_a(),
        lots=tuple(Lot(str(n), f"Område {n}") for n in range(1, LOTS + 1)),
        parties=parties,
        requirements=tuple(_requirement(n) for n in range(1, REQUIREMENTS + 1)),
        answers=tuple(_answer(n) for n in range(1, REQUIREMENTS + 1)),
        rows=tuple(_row(n, parties) for n in range(ROWS)),
        appendices=tuple(
            Appendix(
                number=number,
                title=f"Handling {number}",
                media_type="application/pdf",
                sha256=hashlib.sha256(data).hexdigest(),
            )
            for number, data in files.items()
        ),
    ), files


def _own(number: int) -> bytes:
    """Five pages of a paper that is no other appendix'."""
    pages = (f"Sida {page} av handlingen. " * 40 for page in range(PAGES))
    with pikepdf.open(BytesIO(paper("Handling", *pages))) as pdf:
        pdf.docinfo["/Subject"] = str(number)
        out = BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _requirement(n: int) -> Requirement:
    return Requirement(f"K{n}", MUST, QUALIFICATION, f"Leverantören ska uppfylla punkt {n} i köparens kravlista.")


def _answer(n: int) -> Answer:
    proof = (Evidence("Handling", n % APPENDICES + 1),) if n % 4 == 0 else ()
    text = "Uppfylls, och så här visar vi det."
    return Answer(requirement_ref=f"K{n}", answered=True, text=text, responsible="p1", evidence=proof)


def _row(n: int, parties: tuple[object, ...]) -> PriceRow:
    who = [parties[1 + (n + step) % (PARTIES - 1)] for step in range(CARRIERS)]
    return PriceRow(
        ref=f"R{n}",
        lot_ref=str(n * LOTS // ROWS + 1),
        text=f"Vara nummer {n}",
        unit="H87",
        unit_label="st",
        quantity=Decimal(400),
        shares=tuple(share(party, 100, "120") for party in who),  # type: ignore[arg-type]
        fee_percent=Decimal(2),
        margin_percent=Decimal(8),
    )


def measure() -> Iterator[tuple[str, float, float]]:
    """Seconds, ratio and megabytes, with the limits they must keep under."""
    offer, files = large_offer()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        _lay(folder / "files", files)
        made = _made(offer, folder)
        bound = _made(offer, folder)
        alone = _alone(offer, folder)
        said = replace(offer.answers[7], text="Uppfylls. Det visar vi på ett annat sätt.")
        again = _made(replace(offer, answers=(*offer.answers[:7], said, *offer.answers[8:])), folder)
    ours = bound["seconds"] + (made["seconds"] - bound["seconds"]) / 2
    yield f"large bid of {made['pages']:.0f} pages, seconds of two processors", ours, SECONDS
    yield f"the same against one run of WeasyPrint ({alone['pages']:.0f} pages)", ours / alone["seconds"], RATIO
    yield "the same, megabytes at most of all its processes", made["megabytes"], MEGABYTES
    yield "after a change in one answer, seconds", again["seconds"], AGAIN


def _lay(place: Path, files: dict[int, bytes]) -> None:
    for data in files.values():
        digest = hashlib.sha256(data).hexdigest()
        (place / digest[:2]).mkdir(parents=True, exist_ok=True)
        (place / digest[:2] / digest).write_bytes(data)


def _made(offer: Offer, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "bids.bindery", str(folder / "files"), str(folder / "pressed"), "0"]
    data, seconds, megabytes = _watched(command, to_json(offer).encode())
    told, _, printed = data.partition(b"\n")
    if json.loads(told)["bytes"] != len(printed):
        raise ValueError(told)
    with pikepdf.open(BytesIO(printed)) as pdf:
        return {"seconds": seconds, "megabytes": megabytes, "pages": len(pdf.pages)}


def _alone(offer: Offer, folder: Path) -> dict[str, float]:
    """One run over the same pages, in a process of its own; the appendix pages hold their places only."""
    (folder / "offer.json").write_text(to_json(offer), encoding="utf-8")
    command = [sys.executable, "-m", "tests.benchmarks.bench_bid_document", "alone", str(folder)]
    data, seconds, megabytes = _watched(command, b"")
    return {"seconds": seconds, "megabytes": megabytes, "pages": float(data)}


def one_run(folder: Path) -> int:
    """The pages of the one run. Reading the appendices is part of it, as it is of ours."""
    offer = from_json((folder / "offer.json").read_text(encoding="utf-8"))
    held = {one.number: (folder / "files" / one.sha256[:2] / one.sha256).read_bytes() for one in offer.appendices}
    view = BidView(offer, attach(offer, held))
    html = front_html(view, {}) + "".join(piece_html(view, piece) for piece in pieces(view))
    body = html.replace("</body>\n</html>", "").replace("bid:to/", "#") + _sheets(view.attached)
    printed = print_html(
        body.replace("</style>", FRAME + "</style>", 1), "one", lambda _address: (picture(), "image/png")
    )
    with pikepdf.open(BytesIO(printed)) as pdf:
        return len(pdf.pages)


def _sheets(attached: tuple[Attached, ...]) -> str:
    return "".join(
        f'<section class="sheet"><h3 id="bilaga-{one.appendix.number}-{sheet.page}">{one.appendix.title}</h3>'
        f'<img src="bid:sheet" alt="Sida {sheet.page}"></section>'
        for one in attached
        for sheet in one.sheets
    )


def _watched(command: list[str], asked: bytes) -> tuple[bytes, float, float]:
    """What a program answers, its seconds of processor time, and the most megabytes it and its children held."""
    most = 0.0
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT
    ) as program:
        done = threading.Event()

        def watch() -> None:
            nonlocal most
            while not done.wait(0.25):
                most = max(most, sum(map(_held, _family(program.pid))))

        watcher = threading.Thread(target=watch)
        watcher.start()
        data, _nothing = program.communicate(asked)
        done.set()
        watcher.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if program.returncode:
        raise ValueError(f"{command[2]} left with {program.returncode}")
    return data, seconds, most


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        threads = [each for each in os.listdir(f"/proc/{pid}/task") if each != str(pid)]  # noqa: PTH208
    except OSError:
        return
    for thread in threads:
        try:
            children += Path(f"/proc/{pid}/task/{thread}/children").read_text(encoding="ascii").split()
        except OSError:
            continue
    for child in children:
        yield from _family(int(child))


def _held(pid: int) -> float:
    """Megabytes of a process; what it shares with others counts in parts."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["alone"]:
        print(one_run(Path(sys.argv[2])))  # noqa: T201 - this is its output
    else:
        for name, figure, limit in measure():
            print(f"{name}: {figure:.2f} (limit {limit})")  # noqa: T201
