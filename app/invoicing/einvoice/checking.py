"""All that is asked of an e-invoice before it leaves: the schema, EN 16931, Peppol, and the Swedish rules.

Only the inspector and tests come here (see `inspecting`).
"""

from __future__ import annotations

from app.invoicing.einvoice import peppol, peppol_lines, swedish
from app.invoicing.einvoice.findings import Finding, Rulebook
from app.invoicing.einvoice.official import against_european_rules, against_schema
from app.invoicing.einvoice.reading import read

OWN = (peppol.RULES, peppol_lines.RULES, swedish.RULES)


def check(xml: bytes, by: Rulebook = Rulebook.PEPPOL) -> list[Finding]:
    """What is wrong with it by these rules; nothing when it keeps to them.

    The same fault of the same element is told once. Raises NoEInvoice for what cannot be read. What breaks
    the schema is told, and asked nothing more.
    """
    root = read(xml)
    broken = against_schema(root)
    if broken:
        return broken
    found = against_european_rules(root)
    if by == Rulebook.PEPPOL:
        found += [one for rules in OWN for one in rules.against(root)]
    return list(dict.fromkeys(found))
