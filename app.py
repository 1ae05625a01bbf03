"""Entry point: `flask` and gunicorn find the application here."""

import gc

from tracker.factory import create_app

app = create_app()
gc.freeze()  # what exists now lives as long as the process: the collector need not look at it again and again
