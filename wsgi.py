"""What a web server runs: ``granian --interface wsgi wsgi:app``."""

from app.factory import create_app
from config import from_env

app = create_app(from_env())
