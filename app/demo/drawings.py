"""Pictures for the demonstration, drawn here: nobody who can be seen in them exists, and the repository stays small."""

from __future__ import annotations

import random
from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageDraw

SIZE = (1200, 800)
FINER = 2
"""Drawn so many times larger, and made smaller at the end: edges become smooth."""
SKIES = ("#f3e3c3", "#e4ecdf", "#e7e2f0", "#f6dccb", "#dce9ee", "#efe7d2")
LEAVES, WOOD, INK, PAPER = "#3f7a4f", "#b98a55", "#2f3a36", "#fffaf0"
FRUITS = ("#c8402f", "#e0a12f", "#7da044", "#d9722f")
SKIN, CLOTHES = ("#8d5a3c", "#e0b08c", "#c98f66", "#5d3b28"), ("#1d4a38", "#c65d3b", "#3b6c9c", "#d9a441", "#7a4f86")


class Pen:
    """Draws in per mille of the width, whatever the size."""

    def __init__(self, seed: str) -> None:
        self.chance = random.Random(seed)  # noqa: S311  which colour a sky gets is no secret
        self.image = Image.new("RGB", (SIZE[0] * FINER, SIZE[1] * FINER), self.chance.choice(SKIES))
        self.draw = ImageDraw.Draw(self.image)
        self.scale = SIZE[0] * FINER / 1000

    def box(  # noqa: PLR0917  a box has four edges
        self, left: float, top: float, right: float, bottom: float, colour: str, round_: float = 8
    ) -> None:
        """A box with round corners."""
        edges = [place * self.scale for place in (left, top, right, bottom)]
        self.draw.rounded_rectangle(edges, round_ * self.scale, fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        """A disc."""
        edges = [place * self.scale for place in (x - radius, y - radius, x + radius, y + radius)]
        self.draw.ellipse(edges, fill=colour)

    def ring(self, x: float, y: float, radius: float, colour: str, width: float = 12) -> None:
        """A ring."""
        edges = [place * self.scale for place in (x - radius, y - radius, x + radius, y + radius)]
        self.draw.ellipse(edges, outline=colour, width=round(width * self.scale))

    def shape(self, points: list[tuple[float, float]], colour: str) -> None:
        """A filled shape."""
        self.draw.polygon([(x * self.scale, y * self.scale) for x, y in points], fill=colour)

    def line(self, points: list[tuple[float, float]], colour: str, width: float = 10) -> None:
        """A line with corners."""
        scaled = [(x * self.scale, y * self.scale) for x, y in points]
        self.draw.line(scaled, fill=colour, width=round(width * self.scale), joint="curve")

    def person(self, x: float, y: float) -> None:
        """Somebody at work, seen from the front."""
        self.box(x - 55, y, x + 55, y + 190, self.chance.choice(CLOTHES), 45)
        self.disc(x, y - 45, 42, self.chance.choice(SKIN))

    def done(self) -> bytes:
        """The drawing as a PNG."""
        out = BytesIO()
        self.image.reduce(FINER).save(out, "PNG", compress_level=1)
        return out.getvalue()


def _table(pen: Pen) -> None:
    pen.box(0, 470, 1000, 700, WOOD, 0)
    pen.box(0, 470, 1000, 488, "#9d7243", 0)


def _fruit(pen: Pen) -> None:
    _table(pen)
    for x in (190, 500, 810):
        for place in range(9):
            pen.disc(x - 92 + place % 5 * 46, 395 - place // 5 * 40, 34, pen.chance.choice(FRUITS))
        pen.shape([(x - 140, 410), (x + 140, 410), (x + 105, 560), (x - 105, 560)], "#8a5f35")
        for y in (440, 480, 520):
            pen.line([(x - 128, y), (x + 128, y)], "#a9794a", 7)


def _food(pen: Pen) -> None:
    _table(pen)
    for x in (180, 500, 820):
        pen.disc(x, 520, 130, PAPER)
        pen.disc(x, 520, 96, "#efe6d4")
        for _place in range(8):
            where = x + pen.chance.randint(-55, 55), 520 + pen.chance.randint(-55, 55)
            pen.disc(*where, pen.chance.randint(15, 30), pen.chance.choice((*FRUITS, LEAVES)))
    for x in (340, 660):
        pen.person(x, 190)


def _window(pen: Pen) -> None:
    for x in (90, 390, 690):
        pen.box(x, 70, x + 230, 430, PAPER)
        for left, top in ((12, 12), (122, 12), (12, 186), (122, 186)):
            pen.box(x + left, 70 + top, x + left + 96, 70 + top + 160, pen.chance.choice(("#a9cfe0", "#bcdbe6")))
    pen.box(0, 520, 1000, 700, "#d8cfbd", 0)
    pen.shape([(740, 450), (880, 450), (855, 620), (765, 620)], "#3b6c9c")
    pen.line([(300, 250), (430, 610)], WOOD, 14)
    pen.box(230, 215, 380, 250, "#d9a441")


def _garden(pen: Pen) -> None:
    pen.disc(830, 150, 70, "#f0b84a")
    pen.disc(250, 820, 420, "#8fb573")
    pen.disc(760, 900, 480, "#6f9c5d")
    for x in (120, 330, 590, 880):
        height = pen.chance.randint(330, 420)
        pen.box(x - 12, height, x + 12, height + 180, "#7a5a3a", 0)
        pen.disc(x, height - 30, pen.chance.randint(70, 100), LEAVES)
    pen.person(470, 440)


def _wood(pen: Pen) -> None:
    for row in range(6):
        pen.box(
            60,
            90 + row * 36,
            430 + pen.chance.randint(-60, 60),
            116 + row * 36,
            pen.chance.choice((WOOD, "#a2743f")),
            3,
        )
    pen.box(560, 330, 940, 370, WOOD, 4)
    for x in (580, 900):
        pen.box(x, 370, x + 26, 590, "#8a5f35", 2)
    pen.box(560, 180, 940, 215, WOOD, 4)
    pen.box(0, 590, 1000, 700, "#cbbfa8", 0)
    pen.person(330, 390)


def _cloth(pen: Pen) -> None:
    for place in range(10):
        pen.box(place * 100, 60, place * 100 + 100, 380 + pen.chance.randint(-25, 25), CLOTHES[place % 5], 0)
    _table(pen)
    for x in (220, 420, 620, 820):
        pen.box(x - 40, 520, x + 40, 640, pen.chance.choice(CLOTHES), 4)
        pen.box(x - 52, 508, x + 52, 528, PAPER, 4)
        pen.box(x - 52, 632, x + 52, 652, PAPER, 4)


def _van(pen: Pen) -> None:
    pen.box(0, 560, 1000, 700, "#8d8a84", 0)
    pen.box(330, 230, 800, 540, "#1d4a38", 22)
    pen.box(760, 330, 930, 540, "#2c6b51", 30)
    pen.box(800, 360, 900, 440, "#bcdbe6", 10)
    for x in (450, 820):
        pen.disc(x, 545, 62, INK)
        pen.disc(x, 545, 28, "#c9c4b8")
    for x, y in ((80, 460), (190, 460), (130, 355)):
        pen.box(x, y, x + 100, y + 100, WOOD, 4)
        pen.box(x + 42, y, x + 58, y + 100, "#d9b98a", 0)


def _bicycle(pen: Pen) -> None:
    pen.box(0, 590, 1000, 700, "#cbbfa8", 0)
    for x in (320, 690):
        pen.ring(x, 460, 135, INK)
        for across, along in ((0, 125), (125, 0), (88, 88), (88, -88)):
            pen.line([(x - across, 460 - along), (x + across, 460 + along)], "#a09a8e", 3)
    frame = pen.chance.choice(CLOTHES)
    pen.line([(320, 460), (430, 280), (630, 280), (500, 460), (320, 460)], frame, 16)
    pen.line([(430, 280), (500, 460)], frame, 16)
    pen.line([(690, 460), (620, 220), (690, 200)], frame, 16)
    pen.box(380, 235, 480, 262, INK, 12)


def _cafe(pen: Pen) -> None:
    for x in (100, 280, 720, 900):
        pen.disc(x, 260, 130, LEAVES)
        pen.box(x - 12, 330, x + 12, 480, "#7a5a3a", 0)
    _table(pen)
    for x in (260, 500, 740):
        pen.ring(x + 62, 520, 30, PAPER, 10)
        pen.box(x - 60, 480, x + 60, 580, PAPER, 30)
        pen.box(x - 48, 486, x + 48, 504, "#6b4428")
        pen.line([(x - 15, 430), (x, 405), (x - 10, 380)], "#cfc6b4", 7)


def _boxes(pen: Pen) -> None:
    for shelf in range(3):
        pen.box(60, 210 + shelf * 160, 620, 226 + shelf * 160, "#8a5f35", 0)
        for place in range(5):
            colour = pen.chance.choice((WOOD, "#c79a63", "#a2743f"))
            pen.box(75 + place * 108, 118 + shelf * 160, 165 + place * 108, 210 + shelf * 160, colour, 4)
    pen.box(0, 600, 1000, 700, "#d8cfbd", 0)
    for x in (730, 880):
        pen.person(x, 390)


def _people(pen: Pen) -> None:
    pen.box(60, 60, 460, 260, PAPER)
    pen.line([(110, 220), (200, 140), (280, 180), (410, 100)], LEAVES, 10)
    for x in (150, 330, 510, 690, 860):
        pen.person(x, 350)
    _table(pen)
    for x in (240, 500, 760):
        pen.box(x - 60, 540, x + 60, 600, PAPER, 4)


MOTIFS: dict[str, Callable[[Pen], None]] = {
    "fruit": _fruit,
    "food": _food,
    "window": _window,
    "garden": _garden,
    "wood": _wood,
    "cloth": _cloth,
    "van": _van,
    "bicycle": _bicycle,
    "cafe": _cafe,
    "boxes": _boxes,
    "people": _people,
}


def draw(motif: str, seed: str) -> bytes:
    """A PNG of a motif; the same seed gives the same bytes."""
    pen = Pen(f"{motif} {seed}")
    MOTIFS[motif](pen)
    return pen.done()
