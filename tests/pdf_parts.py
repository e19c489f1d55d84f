"""What a PDF holds: the words that a person reads, and everything else that lies in it."""

from __future__ import annotations

import io
import subprocess

import pikepdf


def words(data: bytes) -> str:
    """The text in single spaces."""
    done = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def everything(data: bytes) -> str:
    """All that lies in the file, unpacked: streams, strings, metadata, bookmarks and attachments."""
    found = []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found += [
            str(pdf.docinfo),
            *(bytes(one.get_file().read_bytes()).decode("latin-1") for one in pdf.attachments.values()),
        ]
        with pdf.open_outline() as outline:
            waiting = list(outline.root)
            while waiting:
                item = waiting.pop()
                found.append(item.title)
                waiting += item.children
        for one in pdf.objects:
            if isinstance(one, pikepdf.Stream):
                with_content = one.read_bytes() if one.get("/Subtype") != pikepdf.Name.Image else b""
                found += [with_content.decode("utf-8", "replace"), with_content.decode("utf-16-be", "replace")]
                found.append(str(dict(one)))
            elif isinstance(one, pikepdf.Dictionary):
                found += [str(value) for value in dict(one).values() if isinstance(value, pikepdf.String)]
    return "\n".join(found)
