"""Links in templates. Those that never change are worked out once; the address of a style sheet tells its content."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, has_request_context, request, url_for


class Links:
    """Stands in for `url_for` in templates: most links of a page are the same for everybody, always."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str, str], str] = {}

    def __call__(self, endpoint: str, **values: Any) -> str:
        """The address of a page or a file."""
        changes = endpoint.startswith(".") or values.keys() - {"filename"} or not has_request_context()
        if changes:
            return url_for(endpoint, **values)
        key = (request.script_root, endpoint, values.get("filename", ""))
        if key not in self.known:
            self.known[key] = url_for(endpoint, **values)
        return self.known[key]


def init_app(app: Flask) -> None:
    """Give templates their links, and files addresses that change with their content, so that browsers keep them."""
    folder = Path(app.static_folder or "")

    @lru_cache
    def version(filename: str) -> str | None:
        place = folder / filename
        return hashlib.sha256(place.read_bytes()).hexdigest()[:10] if place.is_file() else None

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and (found := version(values.get("filename", ""))):
            values["v"] = found

    app.jinja_env.globals["url_for"] = Links()
