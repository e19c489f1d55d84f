"""The member's day: what to make, pack and deliver, on screen and on paper."""

from __future__ import annotations

from app.pages import day_desk, web

bp = day_desk.open_desk(lambda: web.member().id, staff=False)
