"""The catalogue with a million articles of 5,000 members against the same with 20,000 of 200, on both databases.

It takes about 25 minutes, nearly all of it to fill the two databases: ``python -m tests.benchmarks large_catalog``.
The list of questions is longer than what a process remembers, so that nearly every page is made anew.

What profiling found, with a million articles and two cores:

* FTS5 walks the newest 1,001 of 90,000 rows in 0.7 ms, and all in 5; PostgreSQL's index gives all rows at once, and 17
  us go into each that is read from the disk's cache (3 us with room for the table in shared_buffers). Two common words
  that stand together nowhere cost either of them a walk of all that both stand in: two to three times what the page
  costs with 20,000 articles. So what is common is held together by sets of ids of our own, written by the same act: a
  row for each token and 65,528 ids, as bits or as numbers. A hundred megabytes more of 3.6 gigabytes. Of 15,000 ids to
  a row it was four times as many rows to read, and what is read is what it costs.
* Hits that are better by their labels are told from the rest by their own tokens: to ask the index for all the better
  ones was the second longest walk.
* To rank and count a thousand hits took 20 to 35 ms by joining articles, offerings and areas, most of it Python's for
  statements with four times a thousand ids. Narrow rows and one value for all ids: 4 ms.
* A thousand rows are not read where 120 are shown: of so many the newest come first, not those with the first name.
* To put a statement together takes longer than to run it: 16 to 25 ms of profiled time went into three of them.
* A word in a municipality has half a thousand hits, all of which are ranked and counted. Of the 20 ms that it took,
  2.3 went into fresh pages of memory for bits (the kernel clears each), 2 into asking for each tier by itself, 1 into
  figures that nobody saw; with PostgreSQL 1.5 more into bytes written as text. What is left is to look up half a
  thousand narrow rows, 2 to 4 us each: more memory for SQLite, or the rows as one value, do no better.
* To look through an article's offerings for a day cost 5 to 15 us, most of it for the municipality: half of what a
  word in a municipality by a day took. Held together as tokens it takes half the time with a million articles, and
  1.1 to 1.2 times what it takes with 20,000; with postings for them, 60,000 more rows.
* The token that says that an article is sold stands in all of them; asked for beside others it cost 30 ms. What is
  not sold is left out instead.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from urllib.parse import quote

from sqlalchemy import select

from app import clock, places
from app.catalog import indexing, seed
from app.catalog.models import Article
from app.catalog.queries import PAGE
from app.db import db
from app.factory import create_app
from config import ROOT, from_env
from tests.benchmarks.bench_catalog import CALLERS, _largest_child, _served
from tests.databases import PostgresServer
from tests.servers import environment, flask

SMALL, LARGE = (20_000, 200), (1_000_000, 5_000)
MOST_TIMES = 1.5
MOST_MS = 100
MOST_MS_OF_AN_ARTICLE = 5
MOST_SECONDS_UNTIL_FOUND = 1
MOST_MEMORY = 200
ROUNDS, SECONDS = 3, 4
IN_A_TOWN = "a word in a municipality"
BY_A_DAY = "a word in a municipality by a day"
SCRIPT = """
local paths, place = {}, 0
for path in io.lines("%s") do paths[#paths + 1] = path end
request = function() place = place + 1; return wrk.format("GET", paths[place %% #paths + 1]) end
done = function(summary, latency)
  print("p95 " .. latency:percentile(95.0) / 1000 .. " mean " .. latency.mean / 1000)
end
"""


def measure() -> Iterator[tuple[str, float, float]]:
    """Ratios and times for each page on each database."""
    for kind in ("SQLite", "PostgreSQL"):
        with tempfile.TemporaryDirectory() as folder, _database(kind, Path(folder)) as environ:
            _fill(environ, *SMALL)
            asked = _alike(questions(), environ)
            small = _all_pages(asked, environ, Path(folder))
            _fill(environ, *LARGE)
            large = _all_pages(asked, environ, Path(folder))
            for name, (p95, mean) in large.items():
                yield f"{kind}, {name}: times slower than with 20,000", mean / small[name][1], MOST_TIMES
                yield f"{kind}, {name}: ms for 95 of 100, {CALLERS} at once", p95, MOST_MS
            yield from _one_by_one(kind, environ, Path(folder))


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[dict[str, str]]:
    if kind == "SQLite":
        yield environment(folder)
        return
    server = PostgresServer(
        shared_buffers="2GB"
    )  # The usual quarter of the memory is more; 128 MB is what it comes with.
    try:
        yield environment(folder, DATABASE_URL=server.url)
    finally:
        server.close()


def _fill(environ: Mapping[str, str], articles: int, members: int) -> None:
    for command in (["migrate"], ["seed", f"--articles={articles}", f"--members={members}"]):
        subprocess.run(flask(*command), cwd=ROOT, env=environ, check=True, capture_output=True)


def questions() -> dict[str, list[str]]:
    """Addresses of each kind of page; so many that none is remembered when it comes again."""
    shelves = tomllib.loads(seed.WORDS.read_text(encoding="utf-8"))["shelf"]
    products = [word for shelf in shelves for word in shelf["products"]]
    kinds = [word for shelf in shelves for word in shelf["kinds"]]
    towns = [place.code for place in places.all_municipalities()]
    slugs = [shelf["slug"] for shelf in shelves]
    days = [clock.local_date(clock.now()) + timedelta(days=days) for days in range(5, 40)]
    common = [*products, *kinds, *(word for shelf in shelves for word in shelf["sentence"].rstrip(".").split())]
    return {
        "a rare number": [f"?q=PROV-{number:05d}" for number in range(300, 20_000, 37)],
        "a common word": [f"?q={quote(word)}" for word in dict.fromkeys(common)],
        "two common words": [f"?q={quote(f'{one} {two}')}" for one in products[::3] for two in kinds[::5]],
        "a compound's parts": [f"?q={quote(f'{w.lower()} {k}')}" for w in products if len(w) > 9 for k in kinds[::9]],
        IN_A_TOWN: [f"?q={quote(w)}&kommun={t}" for place, t in enumerate(towns) for w in products[place % 24 :: 24]],
        "a word by a day": [f"?q={quote(w)}&senast={d}" for w, d in zip(products * 4, days * 11, strict=False)],
        "a category": [f"?kategori={slug}&sida={page}" for page in range(1, 30) for slug in slugs],
        "a municipality": [f"?kommun={town}" for town in towns],
        "a category in a municipality": [f"?kategori={slug}&kommun={town}" for town in towns for slug in slugs[::4]],
        "a deep page": [f"?sida={page}" for page in range(20, 42)]
        + [f"?sida={page}&q={quote(word)}" for page in (30, 40) for word in products],
    }


def _alike(asked: dict[str, list[str]], environ: Mapping[str, str]) -> dict[str, list[str]]:
    """Of the words in municipalities those that fill a page already: else it is measured against an empty one.

    Two hundred members are so few that more than half of the others find nothing there.
    """
    app = create_app(from_env(environ))
    client = app.test_client()
    full = [one for one in asked[IN_A_TOWN] if client.get(f"/katalog{one}").text.count('<li class="article">') == PAGE]
    with app.app_context():
        db.engine.dispose()
    soon = clock.local_date(clock.now())
    by_a_day = [f"{one}&senast={soon + timedelta(days=6 + place % 15)}" for place, one in enumerate(full)]
    return {**asked, IN_A_TOWN: full, BY_A_DAY: by_a_day}


def _all_pages(
    asked: Mapping[str, list[str]], environ: Mapping[str, str], folder: Path
) -> dict[str, tuple[float, float]]:
    """The 95th percentile and the mean of each kind of page, in ms."""
    with _served("wsgi:app", environ, folder) as (port, _process):
        return {name: _timed(port, addresses, folder) for name, addresses in asked.items()}


def _timed(port: int, asked: list[str], folder: Path) -> tuple[float, float]:
    """The median of three runs, after one that nobody counts. Raises ValueError when an answer was no page."""
    (folder / "paths").write_text("\n".join(f"/katalog{query}" for query in asked) + "\n", encoding="utf-8")
    (folder / "ask.lua").write_text(SCRIPT % (folder / "paths"), encoding="utf-8")
    figures = []
    for _ in range(ROUNDS + 1):
        command = ["wrk", "--threads=1", f"--connections={CALLERS}", f"--duration={SECONDS}s", "--script"]
        command += [str(folder / "ask.lua"), f"http://127.0.0.1:{port}"]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found = re.search(r"p95 ([\d.]+) mean ([\d.]+)", said)
        if found is None or "Non-2xx" in said or "Socket errors" in said:
            raise ValueError(f"{asked[0]}: {said}")
        figures.append((float(found[1]), float(found[2])))
    p95, mean = zip(*figures[1:], strict=True)
    return median(p95), median(mean)


def _one_by_one(kind: str, environ: Mapping[str, str], folder: Path) -> Iterator[tuple[str, float, float]]:
    app = create_app(from_env(environ))
    with app.app_context():
        slugs = db.session.scalars(select(Article.slug).where(Article.id % 997 == 0).limit(200)).all()
        db.session.rollback()
    client = app.test_client()
    times = [_seconds_of(client, f"/katalog/{slug}") * 1000 for slug in slugs]
    yield f"{kind}: ms of server time of an article page", median(times), MOST_MS_OF_AN_ARTICLE
    with _served("wsgi:app", environ, folder) as (port, process):
        for asked in questions().values():
            _timed(port, asked[:60], folder)
        yield f"{kind}: MB of a web process after all pages", _largest_child(process.pid), MOST_MEMORY
    with app.app_context():
        yield f"{kind}: seconds until a change is found", _seconds_until_found(client), MOST_SECONDS_UNTIL_FOUND
        db.session.remove()
        db.engine.dispose()


def _seconds_of(client: object, path: str) -> float:
    began = time.perf_counter()
    if client.get(path).status_code != 200:
        raise ValueError(path)
    return time.perf_counter() - began


def _seconds_until_found(client: object) -> float:
    """From the change of a name to the answer that has it."""
    article = db.session.scalars(select(Article).where(Article.id % 4001 == 0).limit(1)).one()
    before = article.name
    began = time.perf_counter()
    article.name = "Zebrafärgad drakfrukt"
    indexing.reindex(article)
    db.session.commit()
    if "Zebrafärgad drakfrukt" not in client.get("/katalog?q=zebra+drakfrukt").get_data(as_text=True):
        raise ValueError("the change is not found")
    seconds = time.perf_counter() - began
    article.name = before
    indexing.reindex(article)
    db.session.commit()
    return seconds


if __name__ == "__main__":
    print(json.dumps({name: len(asked) for name, asked in questions().items()}, indent=1))  # noqa: T201
