"""What a web server runs: ``granian --interface wsgi wsgi:app``."""

import gc

gc.disable()  # What is made on the way comes to stay: to look through it again and again takes a fifth of the start.

from app.factory import create_app  # noqa: E402
from config import from_env  # noqa: E402

app = create_app(from_env())
gc.freeze()
gc.set_threshold(10_000, 20, 20)  # A page makes thousands of things and drops them again: nearly all go by themselves.
gc.enable()
