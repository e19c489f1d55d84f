"""What commands say when a file cannot be written: in Swedish, with what to do, not as the system has it."""

from __future__ import annotations

import errno
from pathlib import Path

import click

_WORDS = {
    errno.ENOENT: "Mappen {folder} finns inte. Skapa den först.",
    errno.ENOTDIR: "{folder} är ingen mapp. Välj en annan plats.",
    errno.EISDIR: "{path} är en mapp. Skriv vad filen ska heta.",
    errno.EEXIST: "{path} finns redan. Välj en annan plats.",
    errno.EACCES: "Det är inte tillåtet att skriva till {path}. Välj en annan plats.",
    errno.EPERM: "Det är inte tillåtet att skriva till {path}. Välj en annan plats.",
    errno.EROFS: "Det är inte tillåtet att skriva till {path}. Välj en annan plats.",
    errno.ENOSPC: "Disken är full. Det som skrevs till {path} är inte helt.",
    errno.ENAMETOOLONG: "Namnet {path} är för långt.",
}


def unwritten(path: Path, trouble: OSError) -> click.ClickException:
    """The refusal to end the command with."""
    at = Path(trouble.filename) if isinstance(trouble.filename, str) else path
    words = _WORDS.get(trouble.errno or 0, "Det gick inte att skriva {path} ({strerror}).")
    return click.ClickException(words.format(path=at, folder=at.parent, strerror=trouble.strerror))
