"""Own texts of a bid: what Markdown gives in print, and what is refused with a sentence."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bids.look import LookRefused, Picture, check_colour, contrast, shades
from bids.markdown import check, shown_in, to_html

KNOWN = {1: Picture(1, "ab" * 32, "En korg")}


class Seen(HTMLParser):
    """The tags and addresses of an HTML text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href", "data", "xlink:href"}]


def test_headings_keep_their_order_and_leave_no_level_out():
    assert Seen(str(to_html("# Ett\n\n### Tre\n\n###### Sex"))).tags == ["h3", "h4", "h4"]
    assert Seen(str(to_html("### Tre\n\n# Ett"))).tags == ["h3", "h3"]


def test_a_table_a_picture_and_a_chart():
    seen = Seen(str(to_html("| A | B |\n|--|--:|\n| 1 | 2 |\n\n![Korg](bild:1)\n\n```diagram X\nA: 1\n```\n", KNOWN)))
    assert {"table", "th", "td", "img", "svg", "title", "rect"} <= set(seen.tags)
    assert seen.addresses == ["bid:picture/1"]


def test_a_charts_figures_stand_in_words_too():
    told = str(to_html("```diagram Turer\nCentrum: 12,5\nNorr: 1 200\n```"))
    assert "<title>Stapeldiagram: Turer. Centrum 12,5, Norr" in told
    assert '<th scope="row">Centrum</th><td class="n">12,5</td>' in told


@pytest.mark.parametrize(
    "text", ["Under <5 km", "a \\<b", "Vi [lovar](https://salj.example/a?b=1&c=2).", "![En korg](bild:1)", "    kod\n"]
)
def test_what_can_be_printed_is_saved_as_it_is(text):
    assert check(text, KNOWN) == text.strip()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("<img src=x onerror=alert(1)>", "HTML"),
        ("<!-- -->", "HTML"),
        ("![x](https://elak.example/x.png)", "ligger inte i anbudet"),
        ("![x](data:image/png;base64,AAAA)", "ligger inte i anbudet"),
        ("![x](bild:2)", "ingen bild:2"),
        ("[x](file:///etc/passwd)", "leder ingenstans"),
        ("```diagram X\n```", "tomt"),
        ("```diagram X\nA: -1\n```", "inte går att rita"),
        ("```diagram X\nA: 1e999\n```", "inte går att rita"),
        ("```diagram X\n" + "A: 1\n" * 25 + "```", "25 rader"),
        ("a\x00b", "tecken"),
    ],
)
def test_what_cannot_is_refused_with_the_reason(text, word):
    with pytest.raises(LookRefused, match=word):
        check(text, KNOWN)


@given(st.text(alphabet=st.sampled_from("ab<>&\"'()[]!#*`|-: \n\\/.:https://bild:1javascript:file:"), max_size=200))
def test_nothing_of_others_reaches_the_printer(text):
    seen = Seen(str(to_html(text, KNOWN)))
    assert not set(seen.tags) & {"script", "link", "style", "iframe", "object", "embed", "base", "meta"}
    for address in seen.addresses:
        assert address.startswith(("http:", "https:", "mailto:", "bid:picture/1")), address


def test_which_pictures_a_text_shows():
    assert shown_in("![a](bild:1) text ![b](bild:12)\n\n`![c](bild:3)`") == {1, 12}


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_white_can_be_read_on_every_colour_that_is_accepted(parts):
    colour = "#" + "".join(f"{part:02x}" for part in parts)
    try:
        assert contrast(check_colour(colour.upper()), "#ffffff") >= 4.5
    except LookRefused:
        assert contrast(colour, "#ffffff") < 4.5
        return
    assert contrast(shades(colour).pale, "#1a1a17") >= 4.5


@pytest.mark.parametrize("typed", ["", "green", "#12345", "#12345g", "1d4a38", "#1d4a3८"])
def test_what_is_no_colour(typed):
    with pytest.raises(LookRefused, match="sex tecken"):
        check_colour(typed)
