"""Files from strangers, and the process that reads them: what is hostile is refused, what breaks harms nobody."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.invoicing.einvoice import inspecting
from app.invoicing.einvoice.checking import check
from app.invoicing.einvoice.findings import Rulebook
from app.invoicing.einvoice.inspecting import Inspector, InspectorStopped
from app.invoicing.einvoice.reading import NoEInvoice
from app.invoicing.ubl import to_ubl
from config import ROOT
from tests.einvoices import INVOICE, lacks, spoilt

GOOD = to_ubl(INVOICE)
BODY = GOOD.partition(b"?>")[2]
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + BODY
THIEF = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + BODY.replace(b"PO-77", b"&a;")
DEEP = b"<a>" * 100_000 + b"</a>" * 100_000


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        (b"", "tom"),
        (b"  \n", "tom"),
        (b"%PDF-1.7", "inte XML"),
        (b'{"invoice": 1}', "inte XML"),
        (BOMB, "DOCTYPE"),
        (THIEF, "DOCTYPE"),
        (THIEF.decode().encode("utf-16"), "DOCTYPE"),
        (b'<?xml version="1.0" encoding="UTF-7"?>' + BODY, "teckenkodning"),
        (BODY[:-20], "välformad"),
        (BODY.replace(b"PO-77", b"&okand;"), "välformad"),
        (DEEP, "välformad"),
        (b"<Order xmlns='urn:oasis:names:specification:ubl:schema:xsd:Order-2'/>", "varken"),
        (b"<Invoice/>", "varken"),
        (BODY.replace(b"PO-77", b"x" * (10 * 1024 * 1024)), "10 MB"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_words(xml, words):
    with pytest.raises(NoEInvoice, match=words):
        check(xml)


def test_another_encoding_that_says_so_is_read():
    assert check(b'<?xml version="1.0" encoding="ISO-8859-1"?>' + BODY.decode().encode("iso-8859-1")) == []


def test_a_fault_without_end_is_told_so_many_times():
    found = check(GOOD.replace(b"</cbc:ID>", b"</cbc:ID>" + b"<cbc:Unheard/>" * 500, 1))
    assert 0 < len(found) <= 50


@pytest.fixture
def inspector():
    made = Inspector()
    yield made
    made.close()


def test_the_inspector_says_the_same_as_the_checks(inspector):
    faulty = spoilt(INVOICE, lacks("/*/cbc:ProfileID"))
    assert inspector.check(GOOD) == []
    assert inspector.check(faulty) == check(faulty) != []
    assert inspector.check(faulty, Rulebook.EUROPEAN) == check(faulty, Rulebook.EUROPEAN) == []
    with pytest.raises(NoEInvoice, match="DOCTYPE"):
        inspector.check(BOMB)
    assert inspector.check(GOOD) == [], "it goes on after a refusal"


def test_an_inspector_that_died_has_a_successor(inspector):
    assert inspector.check(GOOD) == []
    first = inspector._process
    first.kill()
    first.wait()
    assert inspector.check(GOOD) == []
    assert inspector._process.pid != first.pid


def test_one_that_hangs_is_ended_and_the_question_may_be_asked_again(inspector, monkeypatch):
    monkeypatch.setattr(inspecting, "MOST_SECONDS", 0.001)
    with pytest.raises(InspectorStopped):
        inspector.check(GOOD)
    monkeypatch.setattr(inspecting, "MOST_SECONDS", 60.0)
    assert inspector.check(GOOD) == []


def test_after_so_many_a_new_one_takes_over(inspector, monkeypatch):
    monkeypatch.setattr(inspecting, "MOST_DOCUMENTS", 2)
    found = []
    for _ in range(3):
        assert inspector.check(GOOD) == []
        found.append(inspector._process.pid)
    assert found[0] == found[1] != found[2]


def test_several_ask_at_once_and_each_gets_its_own_answer(inspector):
    faulty, answers = spoilt(INVOICE, lacks("/*/cbc:ProfileID")), {}

    def ask(number):
        answers[number] = [len(inspector.check(faulty if number % 2 else GOOD)) for _ in range(5)]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wrong = len(check(faulty))
    assert answers == {number: [wrong if number % 2 else 0] * 5 for number in range(4)}


def test_it_ends_with_whoever_asks():
    script = (
        "import sys; from app.invoicing.einvoice import inspecting;"
        "inspecting.check(sys.stdin.buffer.read()); print(inspecting._inspector._process.pid)"
    )
    done = subprocess.run([sys.executable, "-c", script], input=GOOD, capture_output=True, check=True, cwd=ROOT)
    assert not Path(f"/proc/{int(done.stdout)}").exists()


def test_a_web_process_carries_none_of_it():
    large = "{'saxonche', 'facturx', 'app.invoicing.einvoice.official', 'app.invoicing.ubl'}"
    script = f"import sys; import app.factory; print(sorted({large} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, cwd=ROOT)
    assert done.stdout.decode().strip() == "[]"
