"""What is agreed with the bank."""

from __future__ import annotations

from flask import current_app

from app.ocr import OcrAgreement


def ocr_agreement() -> OcrAgreement:
    """How references on our bankgiro are formed from now on; issued invoices keep theirs."""
    agreed: OcrAgreement = current_app.config["OCR"]
    return agreed
