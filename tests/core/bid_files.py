"""Files that go with the sample bid: made on the spot, the same every time."""

from __future__ import annotations

from functools import cache
from io import BytesIO

import pikepdf
from PIL import Image, ImageDraw
from weasyprint import HTML

PAPER = """<html lang="sv"><head><title>{title}</title><style>
@page {{ size: {size}; margin: 22mm }} @font-face {{ font-family: A; src: url(font:) }}
body {{ font: 12pt DejaVu Sans, sans-serif }} h1 {{ font-size: 20pt }} section {{ break-after: page }}
</style></head><body>{body}</body></html>"""


@cache
def paper(title: str, *pages: str, size: str = "A4", variant: str = "pdf/ua-1") -> bytes:
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
        1: paper("Fullmakt", "Ljungbacken Frukt ger Samklang Sälj rätt att lämna och underteckna anbudet INK 2026/114."),
        2: turned(paper("Fullmakt", "Rullande Hjälpen ger Samklang Sälj samma rätt.", size="A4 landscape"), 90),
        3: unembedded("Registrering av livsmedelsanl\u00e4ggning"),
        4: paper("Försäkringsbevis", "Ansvar 10 miljoner kronor.", "Villkor.", "Undantag.", size="A4 landscape"),
        5: picture(),
    }
