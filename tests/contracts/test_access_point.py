"""The interface to the access point as docs/access-point.md tells it, and answers as other programs write them."""

from __future__ import annotations

import re
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from app.invoicing.sending import access_point, answers
from app.invoicing.sending.answers import ResponseCode, ResponseRefused, read_response
from app.invoicing.sending.envelope import Envelope, envelope_of
from app.outlets import AccessPoint
from bids.safe_xml import XmlRefused
from config import ROOT, ConfigError, from_env
from tests.access_point import KEY
from tests.access_point import access_point as stand_in
from tests.sending_case import OURS, THEIRS, WRONG_REFERENCE, invoice_xml, response_xml
from tests.servers import free_port

ENVELOPE = Envelope("1", OURS, THEIRS, "a::b##c::2.1", "urn:p")


@pytest.fixture
def point():
    with stand_in() as server:
        yield server


def ours(server) -> AccessPoint:
    return AccessPoint(server.url, KEY)


def test_every_call_that_the_document_tells_of_is_made_and_no_other(point):
    told = (ROOT / "docs" / "access-point.md").read_text("utf-8")
    taken = access_point.send(ours(point), "k1", ENVELOPE, b"<a/>")
    access_point.news_of(ours(point), taken.message_id)
    point.inbox["in/1"] = b"<b/>"
    assert access_point.inbox(ours(point)) == ["in/1"]
    assert access_point.fetch(ours(point), "in/1") == b"<b/>"
    access_point.take(ours(point), "in/1")
    made = {f"{method} {re.sub(r'(msg|in)%2F1', 'ID', path)}" for method, path in point.asked}
    assert made == set(re.findall(r"`((?:GET|POST) /[A-Za-z/]+)", told))


def test_every_heading_that_the_document_tells_of_is_sent(point):
    told = (ROOT / "docs" / "access-point.md").read_text("utf-8")
    access_point.send(ours(point), "k1", ENVELOPE, b"<a/>")
    sent = point.taken["k1"].headings
    for name in ("Authorization", *re.findall(r"`((?:Peppol|Idempotency|Content)-[A-Za-z-]+)`", told)):
        assert sent[name]
    assert "after 1, 5 and 30 minutes, 2, 5, 10, 14, 18 and 22 hours" in told


@pytest.mark.parametrize("said", [b"{}", b'{"id": 7}', b'{"id": ""}', b'{"id": "a b"}', b"[" * 60_000, b"null", b"[1]"])
def test_a_yes_without_a_name_is_no_yes(point, said):
    point.says = said
    assert access_point.send(ours(point), "k", ENVELOPE, b"<a/>").heard == access_point.Heard.NOT_NOW
    assert access_point.inbox(ours(point)) == []
    assert access_point.news_of(ours(point), "m").arrival is None


@pytest.mark.parametrize(
    "said", [b'{"messages": 7}', b'{"messages": [7, {"id": 7}, {}, {"id": "a b"}]}', b'{"state": []}']
)
def test_an_inbox_of_nonsense_is_empty(point, said):
    point.says = said
    assert access_point.inbox(ours(point)) == []
    assert access_point.news_of(ours(point), "m").arrival is None


def test_nobody_there():
    nobody = AccessPoint(f"http://127.0.0.1:{free_port()}", KEY)
    assert access_point.send(nobody, "k", ENVELOPE, b"<a/>").heard == access_point.Heard.NOT_NOW
    assert access_point.inbox(nobody) == []
    assert access_point.fetch(nobody, "a") is None


def test_a_certificate_that_nobody_vouches_for_gets_neither_key_nor_invoice(tmp_path):
    heard: list[str] = []
    with tls_server(tmp_path, heard) as port:
        false = AccessPoint(f"https://127.0.0.1:{port}", KEY)
        assert access_point.send(false, "k", ENVELOPE, b"<a/>").heard == access_point.Heard.NOT_NOW
    assert heard == ["no handshake"]


@contextmanager
def tls_server(folder: Path, heard: list[str]) -> Iterator[int]:
    """A server that shows a certificate of its own making, and notes what it is told."""
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "1",
    ]
    names = ["-subj", "/CN=localhost", "-keyout", str(folder / "key"), "-out", str(folder / "cert")]
    subprocess.run([*made, *names], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert", folder / "key")

    def serve() -> None:
        line, _ = door.accept()
        with line:
            try:
                heard.append(str(context.wrap_socket(line, server_side=True).recv(1000)))
            except ssl.SSLError:
                heard.append("no handshake")

    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(20)
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield door.getsockname()[1]
        thread.join(5)


def test_the_envelope_is_read_from_what_is_in_it():
    read = envelope_of(invoice_xml("M7-12", kind="CreditNote"))
    assert (read.number, read.sender, read.receiver) == ("M7-12", OURS, THEIRS)
    assert read.document_type.startswith(
        "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2::CreditNote##urn:cen"
    )
    for lacks in (b"ProfileID", b"CustomizationID", b"EndpointID", b"cbc:ID"):
        with pytest.raises(XmlRefused):
            envelope_of(invoice_xml("1").replace(lacks, b"cbc:Note"))


def test_an_answer_of_another_program_is_read():
    """Other prefixes, blanks, fields that we do not use, a later version of the specification."""
    data = (
        response_xml("10001", "UQ", status=WRONG_REFERENCE, time="09:00:00.5Z")
        .replace(b"cbc:", b"n1:")
        .replace(b"xmlns:cbc", b"xmlns:n1")
        .replace(b"invoice_response:3<", b"invoice_response:3.1<")
        .replace(b"</n1:ResponseCode>", b" </n1:ResponseCode><n1:EffectiveDate>2026-11-30</n1:EffectiveDate>")
    )
    read = read_response(data)
    assert (read.code, read.number, read.said_at) == (ResponseCode.UNDER_QUERY, "10001", "2026-11-24T09:00:00")
    assert (read.sender, read.receiver, read.effective_on) == (THEIRS, OURS, date(2026, 11, 30))
    assert [(one.code, one.fields) for one in read.clarifications] == [("REF", (("BT-13", "PO-4711"),)), ("NIN", ())]


def test_a_long_answer_is_cut_and_a_flood_of_reasons_is_not_taken():
    status = WRONG_REFERENCE.replace("Ordernumret", "x" * 9000) * 100
    read = read_response(response_xml("1", "RE", status=status, note="y" * 9000))
    assert (len(read.note), len(read.clarifications)) == (answers.LONGEST, answers.MOST)
    assert max(len(one.words) for one in read.clarifications) == answers.LONGEST


def test_two_invoices_in_one_answer_and_entities_are_refused():
    twice = response_xml("1", "AP").replace(
        b"</cac:DocumentResponse>", b"</cac:DocumentResponse><cac:DocumentResponse/>"
    )
    bomb = b'<!DOCTYPE a [<!ENTITY b "' + b"c" * 1000 + b'">]>'
    for data in (twice, response_xml("1", "AP").replace(b"?>", b"?>" + bomb, 1), b"\xff\xfe<\0a\0/\0>\0"):
        with pytest.raises(ResponseRefused):
            read_response(data)


@pytest.mark.parametrize(
    ("environ", "names"),
    [
        ({"ACCESS_POINT_URL": "http://ap.example", "ACCESS_POINT_KEY": "x"}, "ACCESS_POINT_URL"),
        ({"ACCESS_POINT_URL": "http://127.0.0.1.example", "ACCESS_POINT_KEY": "x"}, "ACCESS_POINT_URL"),
        ({"ACCESS_POINT_URL": "https://a:b@ap.example", "ACCESS_POINT_KEY": "x"}, "ACCESS_POINT_URL"),
        ({"ACCESS_POINT_URL": "https://ap.example/?x=1", "ACCESS_POINT_KEY": "x"}, "ACCESS_POINT_URL"),
        ({"ACCESS_POINT_URL": "ap.example", "ACCESS_POINT_KEY": "x"}, "ACCESS_POINT_URL"),
        ({"ACCESS_POINT_URL": "", "ACCESS_POINT_KEY": "x"}, "ACCESS_POINT_URL"),
        ({"ACCESS_POINT_URL": "https://ap.example", "ACCESS_POINT_KEY": ""}, "ACCESS_POINT_KEY"),
        ({"ACCESS_POINT_URL": "https://ap.example", "ACCESS_POINT_KEY": "a\r\nb"}, "ACCESS_POINT_KEY"),
        ({"INVOICE_DROP_FOLDER": "fakturor"}, "INVOICE_DROP_FOLDER"),
    ],
)
def test_a_setting_that_cannot_be_stops_the_start(tmp_path, environ, names):
    with pytest.raises(ConfigError, match=names):
        from_env({"SAMSALJ_INSTANCE": str(tmp_path), **environ})


def test_settings_as_they_should_be(tmp_path):
    url = {"ACCESS_POINT_URL": "http://127.0.0.1:9/v1/", "ACCESS_POINT_KEY": "nyckel", "INVOICE_DROP_FOLDER": "/srv/f"}
    config = from_env({"SAMSALJ_INSTANCE": str(tmp_path), **url})
    assert (config.access_point_url, config.access_point_key) == ("http://127.0.0.1:9/v1", "nyckel")
    assert str(config.drop_folder) == "/srv/f"
    nothing = from_env({"SAMSALJ_INSTANCE": str(tmp_path)})
    assert (nothing.access_point_url, nothing.access_point_key, nothing.drop_folder) == (None, None, None)
