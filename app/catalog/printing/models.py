"""Printed catalogues: what was asked for, how far the work has come, and the file."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalog.models import Category
from app.catalog.pricing.models import PriceList
from app.catalog.printing.values import PrintedPrices, PrintOptions
from app.customers.models import CustomerKind
from app.db import Base
from app.files import StoredFile
from app.jobs import Job, JobState


class PrintState(StrEnum):
    """Where a print stands, for those who wait."""

    WAITING = "waiting"
    PRINTING = "printing"
    READY = "ready"
    FAILED = "failed"


class CataloguePrint(Base):
    """One catalogue that was asked for, with the file once it is there."""

    __tablename__ = "catalogue_print"
    __table_args__ = (
        CheckConstraint("done >= 0 AND done <= total", name="done_within_total"),
        Index("ix_catalogue_print_audience_published_at", "audience", "published_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    audience: Mapped[CustomerKind]
    prices: Mapped[PrintedPrices]
    municipality: Mapped[str | None]
    """SCB code; None for all."""
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"), index=True)
    price_list_id: Mapped[int | None] = mapped_column(ForeignKey("price_list.id"), index=True)
    """Whose prices it shows; None for everybody's."""
    asked_at: Mapped[datetime]
    by_name: Mapped[str]
    done: Mapped[int] = mapped_column(default=0)
    """Of `total`; written while the work goes on."""
    total: Mapped[int] = mapped_column(default=100)
    articles: Mapped[int | None]
    pages: Mapped[int | None]
    problem: Mapped[str] = mapped_column(default="")
    """Why it cannot be made, in words, where the reason lies in what was asked for."""
    published_at: Mapped[datetime | None]
    """Since when customers of this kind can fetch it."""
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id", ondelete="SET NULL"), index=True)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    category: Mapped[Category | None] = relationship()
    price_list: Mapped[PriceList | None] = relationship()
    job: Mapped[Job | None] = relationship()
    file: Mapped[StoredFile | None] = relationship()

    @property
    def options(self) -> PrintOptions:
        """What was asked for."""
        return PrintOptions(self.audience, self.prices, self.municipality, self.category_id, self.price_list_id)

    @property
    def state(self) -> PrintState:
        """Where it stands, by its file and its job."""
        if self.file_id is not None:
            return PrintState.READY
        if self.problem or self.job is None or self.job.state in {JobState.FAILED, JobState.DONE}:
            return PrintState.FAILED
        return PrintState.PRINTING if self.job.state == JobState.RUNNING else PrintState.WAITING
