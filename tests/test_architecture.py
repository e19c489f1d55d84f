"""The rules of the house that no other tool knows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po
from lxml import html

from config import ROOT

LONGEST_FILE = 320
LONGEST_FUNCTION = 60
COMMITTERS = (
    "app/pages/",
    "app/jobs.py",
    "app/queue.py",
    "app/workers.py",
    "app/turns.py",  # the driver's own connection
    "app/cli",
    "app/serve.py",
    "app/migrating.py",
    "app/demo/",
)
"""One request, one transaction: only who begins one may end it."""
CLOCK = "app/clock.py"
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None}
"""What marks a word on a screen; `_l` is how forms name the lazy one."""
WORDS = ROOT / "app" / "translations" / "sv" / "LC_MESSAGES" / "messages.po"


@cache
def sources() -> dict[str, ast.Module]:
    """Our source files by their place, as trees."""
    files = [*(ROOT / "app").rglob("*.py"), *(ROOT / "bids").rglob("*.py"), ROOT / "config.py", ROOT / "wsgi.py"]
    places = [(file.relative_to(ROOT).as_posix(), file) for file in files if "migrations" not in file.parts]
    return {place: ast.parse(file.read_text(encoding="utf-8")) for place, file in places}


def calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and dotted name of each call, such as ``db.session.commit``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions, also those in classes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def found(place: str, line: int) -> str:
    """How a finding is shown."""
    return f"{place}:{line}"


def test_the_sources_are_found():
    assert {"app/factory.py", "bids/offer.py", "config.py"} <= set(sources())


def test_only_who_begins_a_transaction_ends_it():
    guilty = [
        found(place, line)
        for place, tree in sources().items()
        if not place.startswith(COMMITTERS)
        for line, name in calls(tree)
        if name.endswith((".commit", "session.begin"))
    ]
    assert guilty == []


def test_only_the_clock_asks_the_machine_for_the_time():
    asking = re.compile(r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|time\.time|localtime)$")
    guilty = [
        found(place, line)
        for place, tree in sources().items()
        if place != CLOCK
        for line, name in calls(tree)
        if asking.search(name)
    ]
    assert guilty == []


def test_imports_stand_at_the_top():
    guilty = [
        found(place, node.lineno)
        for place, tree in sources().items()
        for function in functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert guilty == []


def test_no_cycle_is_hidden_from_the_machine():
    guilty = [place for place, tree in sources().items() if "TYPE_CHECKING" in ast.unparse(tree)]
    assert guilty == []


def test_files_are_short():
    lengths = {place: len((ROOT / place).read_text(encoding="utf-8").splitlines()) for place in sources()}
    assert {place: length for place, length in lengths.items() if length > LONGEST_FILE} == {}


def test_functions_are_read_without_scrolling():
    guilty = {
        found(place, function.lineno): function.name
        for place, tree in sources().items()
        for function in functions(tree)
        if (function.end_lineno or 0) - function.lineno >= LONGEST_FUNCTION
    }
    assert guilty == {}


@cache
def used_words() -> dict[str, str]:
    """Each English sentence on our screens, and a place where it stands."""
    jinja = {"trimmed": "true", "encoding": "utf-8"}
    asked = {
        ROOT / "app": [("**.py", "python")],
        ROOT / "templates": [("**.html", "jinja2"), ("**.txt", "jinja2")],
    }
    words: dict[str, str] = {}
    for folder, methods in asked.items():
        options = {"**.html": jinja, "**.txt": jinja}
        for file, line, message, *_ in extract_from_dir(folder, methods, options, keywords=KEYWORDS):
            first = message if isinstance(message, str) else message[0]
            words.setdefault(first, f"{folder.name}/{file}:{line}")
    return words


@cache
def catalogue() -> Catalog:
    """The Swedish words."""
    with WORDS.open("rb") as file:
        return read_po(file, locale="sv")


def test_the_words_are_found():
    assert len(used_words()) > 50


def test_every_word_on_a_screen_has_its_swedish():
    swedish = catalogue()
    untold = {}
    for words, place in used_words().items():
        entry = swedish.get(words)
        told = entry.string if entry else ""
        if not told or (isinstance(told, tuple) and not all(told)):
            untold[place] = words
    assert untold == {}


def test_no_translation_is_a_guess():
    assert [entry.id for entry in catalogue() if entry.id and entry.fuzzy] == []


def test_translations_keep_the_places_for_values():
    """A translation without its %(name)s, or with another's, would break the page in Swedish only."""
    place = re.compile(r"%\(\w+\)[sd]|%%")

    def places(words: object) -> list[str]:
        parts = words if isinstance(words, list | tuple) else [words]
        return sorted({found for part in parts for found in place.findall(str(part))})

    assert [entry.id for entry in catalogue() if entry.id and places(entry.id) != places(entry.string)] == []


def templates() -> list[Path]:
    """The pages people meet; letters are plain text, and what is printed has its styles in itself."""
    print_only = {"bids", "catalogue", "invoices", "paper", "quotes", "sheets"}
    pages = (ROOT / "templates").rglob("*.html")
    return sorted(page for page in pages if not print_only & set(page.relative_to(ROOT / "templates").parts))


@pytest.mark.parametrize("page", templates(), ids=lambda page: page.relative_to(ROOT / "templates").as_posix())
def test_pages_obey_our_content_security_policy(page):
    """No style of their own and no script but files of ours: the browser would refuse them."""
    source = page.read_text(encoding="utf-8")
    without_jinja = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", source, flags=re.DOTALL)
    tree = html.document_fromstring(f"<html><body>{without_jinja}</body></html>")
    assert re.search(r"<[^>]*\sstyle\s*=", source) is None
    assert tree.xpath("//style") == []
    assert [script.text for script in tree.xpath("//script[not(@src)]") if script.get("type") in {None, "module"}] == []
    handlers = {
        name for node in tree.iter() if isinstance(node.tag, str) for name in node.attrib if name.startswith("on")
    }
    assert handlers == set()
