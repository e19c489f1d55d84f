"""A sentence that ends in a name such as *Ljungbacken Frukt ek. för.* has one full stop, on every page."""

from __future__ import annotations

import pytest
from flask import render_template_string


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Rullande ek. för.", "Ett gemensamt anbud till Rullande ek. för."),
        ("Kommunen", "Ett gemensamt anbud till Kommunen."),
    ],
)
def test_a_name_with_a_full_stop_ends_its_sentence(app, name, said):
    with app.test_request_context():
        assert render_template_string('{{ _("A joint bid to %(buyer)s.", buyer=name) }}', name=name) == said


def test_three_full_stops_and_signs_of_html_stay_as_they_are(app):
    with app.test_request_context():
        shown = render_template_string('{{ _("A joint bid to %(buyer)s.", buyer=name) }}', name="<b>A&O... ")
    assert shown == "Ett gemensamt anbud till &lt;b&gt;A&amp;O... ."
