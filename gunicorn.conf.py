"""How is the program served? Two processes of eight threads each, on this machine only; a proxy adds TLS."""

import os

from gunicorn.http import wsgi
from gunicorn.workers.base import Worker

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = 2
threads = 8  # on SQLite a writer waits for its turn in one of them
preload_app = True  # a bad setting then stops the start with its one line instead of a worker's traceback
graceful_timeout = 15
timeout = 60
keepalive = 5
if os.access("/dev/shm", os.W_OK):  # noqa: S108 - memory, where the heartbeat of a worker never waits for a disk
    worker_tmp_dir = "/dev/shm"  # noqa: S108 - as above
control_socket_disable = True  # it would lie in the home directory, outside the project
accesslog = None  # the program logs each request itself, without its address
errorlog = "-"
loglevel = "warning"


def post_worker_init(worker: Worker) -> None:
    """Each worker looks after the trail and what is needed no more; what one has done the other finds done."""
    from tracker.accounts.cleaning import clean_up
    from tracker.exports.working import tend_exports
    from tracker.intake.waiting import clean_waiting
    from tracker.keeper import start_keeper

    start_keeper(worker.app.callable, (clean_up, clean_waiting, tend_exports))


_all_headers = wsgi.Response.default_headers


def _headers_without_server(response: wsgi.Response) -> list[str]:
    """What gunicorn adds to every answer, without the name of the server."""
    return [line for line in _all_headers(response) if not line.startswith("Server:")]


wsgi.Response.default_headers = _headers_without_server
