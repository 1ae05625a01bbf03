"""Entry point: `flask` and gunicorn find the application here."""

from tracker.factory import create_app

app = create_app()
