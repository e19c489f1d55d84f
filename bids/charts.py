"""Charts in a bid: lines of ``Etikett: 12,5`` become bars, drawn as SVG, with the same figures in a table below."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from markupsafe import Markup

from bids import swedish
from bids.bars import Bar
from bids.letters import usual
from bids.look import LookRefused, Shades

MOST_BARS = 24
LARGEST = Decimal(10) ** 12
WIDE, ROW, BAR, LEFT, RIGHT, AIR, SIZE = 560, 26, 16, 190, 90, 8, 12
"""Of the drawing, in its own units: in all, a row's height, a bar's, the room for words and for figures, the air beside
a bar, and the letters."""
FACE = "Atkinson"
"""Named in the drawing itself: the press does not let a style sheet reach into it."""


def read(text: str) -> list[Bar]:
    """The bars of a chart's lines. Raises LookRefused for a line that is none, or for too many."""
    bars = []
    for line in (line.strip() for line in text.splitlines() if line.strip()):
        label, colon, figure = line.rpartition(":")
        try:
            value = Decimal("".join(figure.split()).replace(",", "."))
        except InvalidOperation:
            value = Decimal(-1)
        if not colon or not label.strip() or not value.is_finite() or not 0 <= value <= LARGEST:
            raise LookRefused(
                f"Diagrammet har en rad som inte går att rita: ”{line[:60]}”. Skriv till exempel Korgar: 12."
            )
        bars.append(Bar(label.strip(), value, swedish.number(value)))
    if not bars:
        raise LookRefused("Diagrammet är tomt. Skriv en rad för varje stapel, till exempel Korgar: 12.")
    if len(bars) > MOST_BARS:
        raise LookRefused(f"Diagrammet har {len(bars)} rader. Det får ha högst {MOST_BARS}.")
    return bars


def picture(title: str, bars: Sequence[Bar], colours: Shades) -> Markup:
    """The bars alone, for a place where the figures stand in a table anyway."""
    high = ROW * len(bars)
    longest = max((bar.value for bar in bars), default=Decimal(0)) or Decimal(1)
    told = ", ".join(f"{bar.label} {bar.shown}" for bar in bars)
    right = max([RIGHT, *(usual().width(usual().readable(bar.shown), SIZE) + 2 * AIR for bar in bars)])
    shapes = Markup("").join(_bar(bar, place, longest, right, colours) for place, bar in enumerate(bars))
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="drawn" viewBox="0 0 {wide} {high}"'
        ' font-family="{face}" font-size="{size}" style="width:152mm;height:{tall}mm">'
        "<title>Stapeldiagram: {title}. {told}.</title>{shapes}</svg>"
    ).format(
        wide=WIDE,
        high=high,
        face=FACE,
        size=SIZE,
        tall=round(152 * high / WIDE, 2),
        title=title,
        told=told,
        shapes=shapes,
    )


def drawn(title: str, heading: str, bars: Sequence[Bar], colours: Shades) -> Markup:
    """The chart with its table. ``heading`` is what the first column of the table is called."""
    rows = Markup("").join(
        Markup('<tr><th scope="row">{}</th><td class="n">{}</td></tr>').format(bar.label, bar.shown) for bar in bars
    )
    return Markup(
        '<div class="chart"><p class="chart-title">{title}</p>{picture}<table><thead><tr>'
        '<th scope="col" style="width:70%">{heading}</th>'
        '<th scope="col" class="n" style="width:30%">Värde</th></tr></thead>'
        "<tbody>{rows}</tbody></table></div>"
    ).format(title=title, picture=picture(title, bars, colours), heading=heading, rows=rows)


def _bar(bar: Bar, place: int, longest: Decimal, right: float, colours: Shades) -> Markup:
    top = place * ROW
    length = round(float(bar.value / longest) * (WIDE - LEFT - right), 2)
    base = top + ROW * 0.66
    return Markup(
        '<text x="{end}" y="{base}" text-anchor="end" fill="#1a1a17">{label}</text>'
        '<rect x="{left}" y="{top}" width="{length}" height="{bar}" fill="{colour}"/>'
        '<text x="{after}" y="{base}" fill="#1a1a17">{shown}</text>'
    ).format(
        end=LEFT - AIR,
        base=round(base, 2),
        label=usual().fitted(bar.label, SIZE, LEFT - AIR),
        left=LEFT,
        top=top + (ROW - BAR) / 2,
        length=max(length, 0.5),
        bar=BAR,
        colour=colours.deep,
        after=round(LEFT + max(length, 0.5) + AIR, 2),
        shown=bar.shown,
    )
