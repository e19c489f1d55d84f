"""A rule of our own writing: its id, what is wrong in words, and a function that finds the elements at fault. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.invoicing.einvoice.findings import Finding, Severity
from app.invoicing.einvoice.reading import path_of
from app.invoicing.ubl_xml import Element

Faulty = Callable[[Element], Iterable[Element]]
"""From the root of a document that keeps to the schema to the elements that break the rule."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One of them."""

    name: str
    severity: Severity
    words: str
    faulty: Faulty


class Rules(list[Rule]):
    """Those of one file, in the order in which they stand there."""

    def fatal(self, name: str, words: str) -> Callable[[Faulty], Faulty]:
        """Mark a function as a rule with which a document may not leave."""
        return self._marked(name, Severity.FATAL, words)

    def warning(self, name: str, words: str) -> Callable[[Faulty], Faulty]:
        """Mark a function as a rule whose breach the receiver lets through."""
        return self._marked(name, Severity.WARNING, words)

    def against(self, root: Element) -> list[Finding]:
        """All that breaks them."""
        return [
            Finding(rule.name, rule.severity, rule.words, path_of(element))
            for rule in self
            for element in rule.faulty(root)
        ]

    def _marked(self, name: str, severity: Severity, words: str) -> Callable[[Faulty], Faulty]:
        def keep(faulty: Faulty) -> Faulty:
            self.append(Rule(name, severity, words, faulty))
            return faulty

        return keep
