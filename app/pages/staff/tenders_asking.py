"""Asking the parties of a bid or an application: all who wait for it, and again who has not answered."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash
from flask_babel import gettext as _

from app import bidflow
from app.errors import Refused
from app.pages import web
from app.pages.staff.tenders_room import Room, bid_in
from app.tenders import queries, wanting
from app.tenders.models import BidParty


def invite(parties: Sequence[BidParty], room: Room) -> None:
    """Invite them, and say who they are. Raises Refused when there is nobody."""
    if not parties:
        raise Refused(_("Nobody is left to invite."))
    bidflow.invite(parties, by=web.user(), now=room.now)
    names = ", ".join(party.member.name for party in parties).rstrip(".")
    flash(_("Invited: %(names)s. Each gets a letter.", names=names), "success")


def who_only_sign(room: Room) -> set[int]:
    """The parties, by id, that are not invited and have no row, but something to sign or declare."""
    uninvited = [one for one in bid_in(room).parties if one.invited_at is None]
    return {one.id for one in uninvited if wanting.only_signs(one, now=room.now, offer=room.offer)}


def remind(room: Room, party_id: int) -> None:
    """Remind one of them, and say so. Raises NotYours for another bid's, Refused for who has answered."""
    party = bidflow.remind(queries.party_of(bid_in(room), party_id), now=room.now)
    flash(_("A reminder goes to %(name)s.", name=party.member.name), "success")
