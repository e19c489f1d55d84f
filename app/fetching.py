"""Fetches what somebody else's address leads to, without letting it lead into the own network or never end.

A process of its own does it, ``python -m app.fetching ADDRESS``, so that one clock stops everything: a name that takes
for ever to look up, a line that gives one byte a second, headings without end. urllib3 speaks HTTP; the name is looked
up once, every answer must be public, and the connection goes to that very address, so nobody can answer twice.
"""

from __future__ import annotations

import ipaddress
import socket
import subprocess
import sys
from collections.abc import Callable
from urllib.parse import quote, urljoin, urlsplit

import urllib3

from app.errors import Refused
from config import ROOT

LARGEST = 15 * 1024 * 1024
"""Bytes."""
PATIENCE = 20
"""Seconds for all of it: name, redirects, and the last byte."""
MOST_HOPS = 3
PORTS = {"http": 80, "https": 443}
LONGEST_ADDRESS = 2000
CHILD = "app.fetching"
"""The module that is run; tests run one of their own, which may reach their own server."""
WRONG_ADDRESS = "Adressen ska börja med https:// eller http:// och leda till en bild på webben."
INWARD = "Adressen leder inte till en öppen webbplats, så vi hämtar den inte."
NOT_THERE = "Bilden gick inte att hämta från adressen."
TOO_LONG = "Det tog för lång tid att hämta bilden. Ladda upp den i en zip-fil i stället."
TOO_LARGE = "Bilden är större än 15 MB."
DONE, REFUSED = b"+", b"-"

AddressCheck = Callable[[str], bool]


def is_public(address: str) -> bool:
    """Whether an IP address is one that anybody on the internet may reach.

    Not so for private, local and reserved ones, nor for IPv6 addresses that carry an IPv4 address in themselves
    (mapped, 6to4, Teredo, NAT64), which would be a back door to those.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        translated = ip in ipaddress.ip_network("64:ff9b::/96") or ip in ipaddress.ip_network("::/96")
        if ip.ipv4_mapped or ip.sixtofour or ip.teredo or translated:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def fetch(address: str, *, patience: float = PATIENCE) -> bytes:
    """The bytes at an address on the web. Raises Refused, with a sentence, for whatever goes wrong."""
    target(address)
    try:
        done = subprocess.run(  # noqa: S603  no shell, and the address cannot look like an option
            [sys.executable, "-m", CHILD, address], capture_output=True, timeout=patience, cwd=ROOT, check=False
        )
    except subprocess.TimeoutExpired as late:
        raise Refused(TOO_LONG) from late
    mark, body = done.stdout[:1], done.stdout[1:]
    if mark == DONE:
        return body
    raise Refused(body.decode() if mark == REFUSED else NOT_THERE)


def download(address: str, *, allowed: AddressCheck = is_public, ports: dict[str, int] | None = None) -> bytes:
    """Follow an address over at most three redirects, each looked at as if it were the first. Raises Refused."""
    for _hop in range(MOST_HOPS + 1):
        answer = _ask(address, allowed, ports or PORTS)
        try:
            onward = answer.headers.get("Location") if answer.status in {301, 302, 303, 307, 308} else None
            if onward is None:
                return _body(answer)
            address = urljoin(address, onward)
        finally:
            answer.close()
    raise Refused(NOT_THERE)


def target(address: str, ports: dict[str, int] | None = None) -> tuple[str, str, int, str]:
    """Scheme, host, port and path of an address that we may ask. Raises Refused."""
    try:
        parts = urlsplit(address)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError as wrong:
        raise Refused(WRONG_ADDRESS) from wrong
    usual = (ports or PORTS).get(parts.scheme)
    strange = any(ord(sign) <= 32 or ord(sign) == 127 for sign in address) or len(address) > LONGEST_ADDRESS
    if strange or usual is None or not host or parts.username is not None:
        raise Refused(WRONG_ADDRESS)
    if port not in {None, usual}:
        raise Refused(INWARD)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    return parts.scheme, host, usual, quote(path, safe="%/:=&?~+!$,;'@()*[]")


def _ask(address: str, allowed: AddressCheck, ports: dict[str, int]) -> urllib3.BaseHTTPResponse:
    scheme, host, port, path = target(address, ports)
    ip = looked_up(host, port, allowed)
    heading = {"Host": host_heading(host, port), "User-Agent": "Samsalj"}
    heading |= {"Accept": "image/*", "Accept-Encoding": "identity"}
    try:
        return pool(scheme, host, ip, port).urlopen(
            "GET", path, headers=heading, retries=False, redirect=False, preload_content=False, decode_content=False
        )
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as trouble:
        raise Refused(NOT_THERE) from trouble


def pool(scheme: str, host: str, ip: str, port: int, *, wait: float = 10) -> urllib3.HTTPConnectionPool:
    """Connections to one IP address, which over TLS must prove that it is the host; `wait` seconds for each reading."""
    timeout = urllib3.Timeout(connect=5, read=wait)
    if scheme == "https":
        return urllib3.HTTPSConnectionPool(ip, port, server_hostname=host, assert_hostname=host, timeout=timeout)
    return urllib3.HTTPConnectionPool(ip, port, timeout=timeout)


def host_heading(host: str, port: int) -> str:
    """How the host is named to itself."""
    return host if port in PORTS.values() else f"{host}:{port}"


def looked_up(host: str, port: int, allowed: AddressCheck) -> str:
    """The address that the name has now. One inward answer among outward ones is a trap. Raises Refused."""
    try:
        found = [str(answer[4][0]) for answer in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as trouble:
        raise Refused(NOT_THERE) from trouble
    if not found or not all(allowed(ip) for ip in found):
        raise Refused(INWARD)
    return found[0]


def _body(answer: urllib3.BaseHTTPResponse) -> bytes:
    if answer.status != 200:
        raise Refused(f"{NOT_THERE} Webbplatsen svarade {answer.status}.")
    got = bytearray()
    try:
        while piece := answer.read(1 << 16):
            got += piece
            if len(got) > LARGEST:
                raise Refused(TOO_LARGE)
    except (urllib3.exceptions.HTTPError, OSError) as trouble:
        raise Refused(NOT_THERE) from trouble
    return bytes(got)


def main(address: str, *, allowed: AddressCheck = is_public, ports: dict[str, int] | None = None) -> None:
    """Download, and answer on standard output: a sign, then the bytes or the sentence."""
    try:
        answer = DONE + download(address, allowed=allowed, ports=ports)
    except Refused as no:
        answer = REFUSED + str(no).encode()
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main(sys.argv[1])
