"""What the buyer's system takes, as it is kept with the tender: JSON with the names of `bids.package.Limits`. Pure."""

from __future__ import annotations

from typing import Any

from bids.package import Limits, Portal

WORDS = {
    "tendsign": Portal.TENDSIGN,
    "avrop": Portal.E_AVROP,
    "kommers": Portal.KOMMERS,
    "mercell": Portal.MERCELL,
}


def read(kept: dict[str, Any], system: str) -> Limits:
    """The limits; while nobody has entered any, the system that the tender names, and no limits."""
    if not kept:
        return Limits(portal=guessed(system))
    return Limits(
        portal=next((one for one in Portal if one == kept["portal"]), Portal.OTHER),
        most_bytes=kept["most_bytes"],
        longest_name=kept["longest_name"],
        plain=kept["plain"],
        endings=tuple(kept["endings"]),
    )


def kept(limits: Limits) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "portal": str(limits.portal),
        "most_bytes": limits.most_bytes,
        "longest_name": limits.longest_name,
        "plain": limits.plain,
        "endings": list(limits.endings),
    }


def guessed(system: str) -> Portal:
    """Which system a name means. Mercell owns TendSign, so that the name of the latter decides."""
    name = system.casefold()
    return next((portal for word, portal in WORDS.items() if word in name), Portal.OTHER)
