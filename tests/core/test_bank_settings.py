"""What is agreed with the bank is said in the environment, and what no bank agrees to stops the start."""

from __future__ import annotations

import pytest

from config import ConfigError, from_env


@pytest.mark.parametrize(
    ("said", "control", "lengths"),
    [
        ({}, "length", ()),
        ({"OCR_CONTROL": ""}, "length", ()),
        ({"OCR_CONTROL": "none"}, "none", ()),
        ({"OCR_CONTROL": "check"}, "check", ()),
        ({"OCR_CONTROL": "fixed", "OCR_LENGTHS": "11"}, "fixed", (11,)),
        ({"OCR_CONTROL": "fixed", "OCR_LENGTHS": "20, 11"}, "fixed", (20, 11)),
    ],
)
def test_the_banks_control_is_read(tmp_path, said, control, lengths):
    config = from_env({"SAMSALJ_INSTANCE": str(tmp_path), **said})
    assert (config.ocr_control, config.ocr_lengths) == (control, lengths)


@pytest.mark.parametrize(
    "said",
    [
        {"OCR_CONTROL": "hard"},
        {"OCR_CONTROL": "fixed"},
        {"OCR_CONTROL": "length", "OCR_LENGTHS": "11"},
        {"OCR_LENGTHS": "11"},
        *({"OCR_CONTROL": "fixed", "OCR_LENGTHS": wrong} for wrong in ("7", "26", "9,10,11", "elva", "11,", "-11")),
    ],
)
def test_what_no_bank_agrees_to_stops_the_start(tmp_path, said):
    with pytest.raises(ConfigError, match="OCR_"):
        from_env({"SAMSALJ_INSTANCE": str(tmp_path), **said})
