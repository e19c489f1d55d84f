"""Word files made into PDF by LibreOffice, where it is there: in a process of its own, without network or macros.

Nothing of the file is believed. It is opened with a profile that is thrown away, may fetch nothing, and has so long.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import zipfile
from contextlib import suppress
from functools import cache
from io import BytesIO
from pathlib import Path

from app.errors import Refused

PROGRAMS = ("soffice", "libreoffice")
MOST_SECONDS = 60
MOST_UNPACKED = 200 * 1024 * 1024
SAVE_AS_PDF = "Spara dokumentet som PDF och ladda upp det i stället."
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse">
<value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks"
 oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


def is_word(data: bytes) -> bool:
    """Whether the bytes are a Word file (docx), whatever its name says."""
    if data[:4] != b"PK\x03\x04":
        return False
    try:
        with zipfile.ZipFile(BytesIO(data)) as parcel:
            return "word/document.xml" in parcel.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def program() -> str | None:
    """Where LibreOffice is; None where it is not."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def check(data: bytes) -> str:
    """Which program can make a PDF of the file. Raises Refused, with what to do, where none can or may."""
    _refuse_strange(data)
    found = program()
    if found is None:
        raise Refused(f"Word-filer kan inte göras om till PDF här. {SAVE_AS_PDF}")
    return found


def to_pdf(data: bytes) -> bytes:
    """The Word file as a PDF. Raises Refused, with what to do, for one that cannot be made into one here."""
    found = check(data)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "profile" / "user").mkdir(parents=True)
        (folder / "profile" / "user" / "registrymodifications.xcu").write_text(PROFILE, encoding="utf-8")
        (folder / "handling.docx").write_bytes(data)
        _convert(found, folder)
        made = folder / "handling.pdf"
        if not made.is_file():
            raise Refused(f"Word-filen går inte att göra om till PDF. {SAVE_AS_PDF}")
        return made.read_bytes()


def _refuse_strange(data: bytes) -> None:
    with zipfile.ZipFile(BytesIO(data)) as parcel:
        if sum(part.file_size for part in parcel.infolist()) > MOST_UNPACKED:
            raise Refused(f"Word-filen är orimligt stor när den packas upp. {SAVE_AS_PDF}")
        if any(part.filename.lower().endswith("vbaproject.bin") for part in parcel.infolist()):
            raise Refused(f"Word-filen innehåller makron, och sådana tas inte emot. {SAVE_AS_PDF}")


def _convert(found: str, folder: Path) -> None:
    """Run it in a group of its own: it starts others, and all of them end with it."""
    command = [
        *_without_network(),
        found,
        *("--headless", "--norestore", "--nolockcheck", f"-env:UserInstallation=file://{folder}/profile"),
        *("--convert-to", "pdf:writer_pdf_Export", "--outdir", str(folder), str(folder / "handling.docx")),
    ]
    nowhere = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    surroundings = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "TMPDIR": str(folder), **nowhere}
    with subprocess.Popen(  # noqa: S603  no shell, and the words are ours
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=surroundings,
        start_new_session=True,
    ) as office:
        try:
            office.wait(MOST_SECONDS)
        except subprocess.TimeoutExpired as late:
            raise Refused(f"Word-filen tog för lång tid att göra om till PDF. {SAVE_AS_PDF}") from late
        finally:
            with suppress(ProcessLookupError):
                os.killpg(office.pid, signal.SIGKILL)


@cache
def _without_network() -> tuple[str, ...]:
    """How a program is started in a room without any network, where the machine allows it."""
    command = ("unshare", "--map-root-user", "--net")
    try:
        done = subprocess.run([*command, "true"], capture_output=True, timeout=10, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return command if done.returncode == 0 else ()
