"""How the bids say no to a file."""

from __future__ import annotations


class AppendixRefused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """The file cannot go with the bid. The message is a Swedish sentence to show as it stands."""
