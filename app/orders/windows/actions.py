"""What staff do with order windows, and how one is decided; `app/windowflow.py` tells the order of the steps."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select

from app import audit, clock, workdays
from app.accounts.models import User
from app.catalog.kinds import ArticleKind
from app.catalog.models import ApprovalState, Article, BundlePart
from app.db import db
from app.errors import Refused
from app.orders.queries import lead_times
from app.orders.windows import queries
from app.orders.windows.models import BatchArticle, OrderWindow, WindowArticle, WindowState

MOST_ARTICLES = 20
LONGEST_NAME = 80
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class WindowFacts:
    """When articles made in batches can be ordered, when they come, and how many there must be."""

    name: str
    opens_at: datetime
    closes_at: datetime
    delivery_day: date
    least: Decimal


def enter(facts: WindowFacts, articles: Collection[Article], *, by: User, now: datetime) -> OrderWindow:
    """Set up a window. From now on its articles can be ordered in windows only. Raises Refused."""
    _check(facts, articles, now)
    _check_articles(articles, facts.least)
    for article in articles:
        _check_free(article, facts)
    made = OrderWindow(**_columns(facts), articles=list(articles))
    db.session.add(made)
    for article in articles:
        if db.session.get(BatchArticle, article.id) is None:
            db.session.add(BatchArticle(article_id=article.id, since=now))
    audit.record(made, "entered", by=by, now=now)
    return made


def change(window: OrderWindow, facts: WindowFacts, *, by: User, now: datetime) -> OrderWindow:
    """Other times, name or least quantity, and another day while nothing is ordered. Raises Refused."""
    _check_undecided(window)
    _check(facts, window.articles, now)
    for article in window.articles:
        _check_free(article, facts, besides=window)
    if facts.delivery_day != window.delivery_day and queries.ordered([window])[window.id][1]:
        raise Refused("Det finns beställningar till omgången, så leveransdagen kan inte ändras.")
    for name, value in _columns(facts).items():
        setattr(window, name, value)
    audit.record(window, "changed", by=by, now=now, closes=facts.closes_at.isoformat(), least=str(facts.least))
    return window


def send(window: OrderWindow, *, now: datetime) -> OrderWindow:
    """There is enough: members may be asked."""
    window.state, window.decided_at = WindowState.SENT, now
    audit.record(window, "sent", by=None, now=now)
    return window


def call_off(window: OrderWindow, why: str, *, by: User | None, now: datetime) -> OrderWindow:
    """Nothing comes of the batch. Raises Refused without a reason, or when it is decided already."""
    if not why.strip():
        raise Refused("Skriv varför omgången ställs in. Kunderna läser det.")
    window.state, window.decided_at, window.why = WindowState.CALLED_OFF, now, why.strip()[:LONGEST_REASON]
    audit.record(window, "called off", by=by, now=now, why=window.why)
    return window


def sell_as_usual(article: Article, *, by: User, now: datetime) -> Article:
    """Let an article be ordered at any time again. Raises Refused while a window is planned or open."""
    row = db.session.get(BatchArticle, article.id)
    if row is None:
        raise Refused("Artikeln säljs redan som vanligt.")
    if queries.windows_of(article):
        raise Refused("Artikeln har en omgång som inte är avgjord. Vänta tills den är det, eller ställ in den.")
    db.session.delete(row)
    audit.record(article, "sold as usual again", by=by, now=now)
    return article


def _check_undecided(window: OrderWindow) -> None:
    if window.state != WindowState.OPEN:
        raise Refused("Omgången är redan avgjord. Ladda om sidan.")


def _check(facts: WindowFacts, articles: Collection[Article], now: datetime) -> None:
    """Raises Refused for times that do not follow upon each other, or leave nobody time to make it."""
    if not facts.name.strip() or len(facts.name) > LONGEST_NAME:
        raise Refused(f"Skriv ett namn på högst {LONGEST_NAME} tecken.")
    if not facts.opens_at < facts.closes_at:
        raise Refused("Omgången måste öppna innan den stänger.")
    if facts.closes_at <= now:
        raise Refused("Omgången måste stänga senare än nu.")
    if not workdays.is_working_day(facts.delivery_day):
        raise Refused("Vi levererar på vardagar, måndag till fredag. Välj en annan leveransdag.")
    left = workdays.working_days_between(clock.local_date(facts.closes_at), facts.delivery_day)
    leads = lead_times({article.id for article in articles})
    for article in articles:
        needs = max(leads.get(article.id, (1, 1))[0], 1)
        if left < needs:
            raise Refused(
                f"{article.name} behöver {needs} arbetsdagar från stängning till leverans, och det är {left}."
            )


def _check_articles(articles: Collection[Article], least: Decimal) -> None:
    """Raises Refused for what cannot be made in batches."""
    if not articles or len(articles) > MOST_ARTICLES:
        raise Refused(f"Välj 1 till {MOST_ARTICLES} artiklar.")
    parts = set(db.session.scalars(select(BundlePart.article_id).where(BundlePart.article_id.in_(_ids(articles)))))
    for article in articles:
        if article.state != ApprovalState.APPROVED or article.kind in {ArticleKind.BUNDLE, ArticleKind.SECOND_HAND}:
            raise Refused(
                f"{article.name} kan inte göras i omgångar: den måste säljas nu, för sig och i flera exemplar."
            )
        if article.id in parts:
            raise Refused(f"{article.name} ingår i ett paket och kan inte göras i omgångar.")
    if least and len({(article.unit, article.unit_text) for article in articles}) > 1:
        raise Refused(
            "Artiklarna säljs i olika enheter, så ett minsta antal går inte att räkna. Gör en omgång för varje."
        )


def _check_free(article: Article, facts: WindowFacts, besides: OrderWindow | None = None) -> None:
    """Raises Refused when another window of the article is open at the same time. Locks the article meanwhile."""
    db.session.execute(select(Article.id).where(Article.id == article.id).with_for_update())
    query = (
        select(OrderWindow.name)
        .join(WindowArticle, WindowArticle.window_id == OrderWindow.id)
        .where(WindowArticle.article_id == article.id, OrderWindow.state == WindowState.OPEN)
        .where(OrderWindow.opens_at < facts.closes_at, OrderWindow.closes_at > facts.opens_at)
    )
    if besides is not None:
        query = query.where(OrderWindow.id != besides.id)
    other = db.session.scalar(query.limit(1))
    if other is not None:
        raise Refused(f"{article.name} har redan omgången {other} under den tiden.")


def _columns(facts: WindowFacts) -> dict[str, object]:
    return {
        "name": facts.name.strip(),
        "opens_at": facts.opens_at,
        "closes_at": facts.closes_at,
        "delivery_day": facts.delivery_day,
        "least": facts.least,
    }


def _ids(articles: Collection[Article]) -> Sequence[int]:
    return [article.id for article in articles]
