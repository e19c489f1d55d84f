"""Files that go with the sample bid: made on the spot, the same every time."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from io import BytesIO

import pikepdf
from PIL import Image, ImageDraw
from weasyprint import HTML

PAPER = """<html lang="sv"><head><title>{title}</title><style>
@page {{ size: {size}; margin: 22mm }}
body {{ font: 12pt DejaVu Sans, sans-serif }} h1 {{ font-size: 20pt }} section {{ break-after: page }}
</style></head><body>{body}</body></html>"""


@cache
def paper(title: str, *pages: str, size: str = "A4", variant: str | None = "pdf/ua-1") -> bytes:
    body = "".join(f"<section><h1>{title}</h1><p>{text}</p></section>" for text in pages)
    printed: bytes = HTML(string=PAPER.format(title=title, size=size, body=body)).write_pdf(
        pdf_variant=variant, pdf_identifier=title.encode()
    )
    return printed


@cache
def turned(data: bytes, degrees: int) -> bytes:
    with pikepdf.open(BytesIO(data)) as pdf:
        for page in pdf.pages:
            page.rotate(degrees, relative=False)
        out = BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


@cache
def unembedded(text: str = "Utan inbyggda typsnitt") -> bytes:
    """A page in Helvetica that the file does not hold, as many programs write them."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.contents_add(f"BT /F1 24 Tf 72 700 Td ({text}) Tj ET".encode("latin-1"))
    out = BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


@cache
def picture(width: int = 1200, height: int = 800, kind: str = "PNG") -> bytes:
    image = Image.new("RGB", (width, height), "#e3eee4")
    draw = ImageDraw.Draw(image)
    for place, colour in enumerate(("#c0392b", "#e67e22", "#f1c40f", "#1d4a38")):
        left = width * (place + 0.6) / 5
        draw.ellipse((left, height * 0.35, left + width / 6, height * 0.35 + width / 6), fill=colour)
    draw.rectangle((width * 0.08, height * 0.62, width * 0.92, height * 0.85), fill="#a9744f")
    out = BytesIO()
    image.save(out, kind)
    return out.getvalue()


@cache
def appendices_a() -> dict[int, bytes]:
    """The five appendices of tender A: plain, turned, without fonts, lying, and a picture."""
    return {
        1: paper("Fullmakt", "Ljungbacken Frukt ger Samklang Sälj rätt att lämna och underteckna anbudet."),
        2: turned(paper("Fullmakt", "Rullande Hjälpen ger Samklang Sälj samma rätt.", size="A4 landscape"), 90),
        3: unembedded("Registrering av livsmedelsanl\u00e4ggning"),
        4: paper("Försäkringsbevis", "Ansvar 10 miljoner kronor.", "Villkor.", "Undantag.", size="A4 landscape"),
        5: picture(),
    }


def strange_papers() -> tuple[bytes, ...]:
    """Papers as they really come: cropped, upside down, signed, layered, drawn in forms, and every kind of picture."""
    return (
        cropped(paper("Beskuren", "Bara en del av sidan syns.")),
        turned(paper("Upp och ner", "Ett.", "Två."), 180),
        turned(paper("Liggande", "Ett."), 270),
        signed(),
        layered(),
        nested(),
        paper("Bokmärkt", "Utan taggar.", variant=None),
        picture(kind="JPEG"),
        picture(300, 900, "WEBP"),
        transparent(),
    )


def changed(data: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    with pikepdf.open(BytesIO(data)) as pdf:
        change(pdf)
        out = BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def cropped(data: bytes) -> bytes:
    def crop(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].cropbox = pikepdf.Array([40, 400, 500, 800])

    return changed(data, crop)


def signed() -> bytes:
    """A page with a filled-in field, whose looks lie in an annotation and not on the page."""

    def sign(pdf: pikepdf.Pdf) -> None:
        looks = pdf.make_stream(b"0 0 1 rg 0 0 200 50 re f")
        looks.Type, looks.Subtype, looks.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, pikepdf.Array([0, 0, 200, 50])
        field = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Stamp,
            F=4,
            Rect=pikepdf.Array([100, 100, 300, 150]),
            AP=pikepdf.Dictionary(N=looks),
        )
        pdf.pages[0].obj.Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(field)]))

    return changed(paper("Undertecknad", "Se stämpeln."), sign)


def layered() -> bytes:
    """A page with a layer that is not shown, and a form with marks of its own."""

    def layer(pdf: pikepdf.Pdf) -> None:
        hidden = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=pikepdf.String("Dold")))
        pdf.Root.OCProperties = pikepdf.Dictionary(
            OCGs=pikepdf.Array([hidden]), D=pikepdf.Dictionary(OFF=pikepdf.Array([hidden]), BaseState=pikepdf.Name.ON)
        )
        page = pdf.pages[0]
        page.obj.Resources.Properties = pikepdf.Dictionary(L=hidden)
        page.contents_add(b"/OC /L BDC 1 0 0 rg 50 50 400 400 re f EMC")

    return changed(paper("I lager", "Den röda rutan ska inte synas."), layer)


@cache
def nested() -> bytes:
    """A page that is drawn through a form whose content is marked as an artifact."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(400, 400))
    form = pdf.make_stream(b"/Artifact BMC 0 0.5 0 rg 50 50 300 300 re f EMC")
    form.Type, form.Subtype, form.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, pikepdf.Array([0, 0, 400, 400])
    form.StructParents = 3
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
    page.contents_add(b"/F Do")
    out = BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


@cache
def transparent() -> bytes:
    image = Image.new("RGBA", (200, 100), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((20, 20, 90, 90), fill=(200, 30, 30, 128))
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
