"""How a bid looks: which sections in which order, texts and pictures of its own, and the sales company's style."""

from __future__ import annotations

from dataclasses import dataclass

OWN = "own-"
"""A section of the bid's own is called ``own-1``, ``own-2`` …"""
GREEN = "#1d4a38"
WHITE = "#ffffff"
LEAST_CONTRAST = 4.5
"""Text on a coloured ground (WCAG 2.2, 1.4.3)."""


class LookRefused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """The text or the colour cannot be printed. The message is a Swedish sentence to show as it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section in its place: one that every bid can have, by its name, or one of the bid's own with title and text."""

    name: str
    shown: bool = True
    title: str = ""
    text: str = ""

    @property
    def is_own(self) -> bool:
        """Whether somebody has written it for this bid."""
        return self.name.startswith(OWN)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that texts can show as ``![…](bild:NUMBER)``; ``description`` is for those who cannot see it."""

    number: int
    sha256: str
    description: str


@dataclass(frozen=True, slots=True)
class Style:
    """The sales company's own: a colour as ``#rrggbb`` and a logo by the hash of its file; empty for none."""

    colour: str = GREEN
    logo: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """All of it. No sections means the usual ones in their usual order."""

    sections: tuple[Section, ...] = ()
    pictures: tuple[Picture, ...] = ()
    style: Style = Style()


@dataclass(frozen=True, slots=True)
class Shades:
    """The colours of a printed bid, all led from one."""

    deep: str
    line: str
    soft: str
    pale: str
    on_deep: str
    number: str


def shades(colour: str) -> Shades:
    """The shades of a colour that passes `check_colour`; the house's own green has those that were drawn for it."""
    if colour.lower() == GREEN:
        return Shades(GREEN, "#b7d0bd", "#d5ddd3", "#e3eee4", "#cfe0d3", "#7d9a86")
    return Shades(
        colour,
        _mixed(colour, 0.68),
        _mixed(colour, 0.80),
        _mixed(colour, 0.88),
        _mixed(colour, 0.80),
        _mixed(colour, 0.42),
    )


def check_colour(colour: str) -> str:
    """The colour in small letters. Raises LookRefused for what is none, or on which white cannot be read."""
    small = colour.strip().lower()
    if len(small) != 7 or small[0] != "#" or any(sign not in "0123456789abcdef" for sign in small[1:]):
        raise LookRefused("Skriv färgen som # och sex tecken, till exempel #1d4a38.")
    found = contrast(small, WHITE)
    if found < LEAST_CONTRAST:
        told = f"{found:.1f}".replace(".", ",")
        raise LookRefused(
            f"Vit text går inte att läsa på färgen: kontrasten är {told} mot 1 och måste vara minst 4,5."
            " Välj en mörkare färg."
        )
    return small


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2)."""
    lights = sorted((_light(one), _light(other)), reverse=True)
    return (lights[0] + 0.05) / (lights[1] + 0.05)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _light(colour: str) -> float:
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in _parts(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(colour: str, white: float) -> str:
    """The colour with so much white in it."""
    return "#" + "".join(f"{round(part + (255 - part) * white):02x}" for part in _parts(colour))
