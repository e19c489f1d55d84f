"""What the catalogue is measured against: the least that lists 24 rows with Flask, SQLAlchemy and Jinja."""

from __future__ import annotations

import os

from flask import Flask, render_template
from jinja2 import DictLoader
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

PAGE = """<!doctype html>
<title>Rows</title>
<ul>{% for row in rows %}<li><a href="/{{ row.slug }}">{{ row.name }}</a> {{ row.price }}</li>{% endfor %}</ul>
"""


class Base(DeclarativeBase):
    """The base of the one row."""


class Article(Base):
    """The catalogue's own table, as plainly as can be."""

    __tablename__ = "article"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    name: Mapped[str]
    price: Mapped[int]


app = Flask(__name__)
app.jinja_loader = DictLoader({"rows.html": PAGE})  # Compiled once, as a file would be.
engine = create_engine(os.environ["BARE_DATABASE"], pool_size=20)


@app.route("/")
def index() -> str:
    """Twenty-four rows."""
    with Session(engine) as session:
        rows = session.scalars(select(Article).order_by(Article.id).limit(24)).all()
        return render_template("rows.html", rows=rows)
