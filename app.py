"""Entry point: `flask` and gunicorn find the application here."""

import gc
import os

from tracker.factory import create_app

os.umask(0o077)  # what the program writes, the database above all, is its owner's alone
app = create_app()
gc.freeze()  # what exists now lives as long as the process: the collector need not look at it again and again
