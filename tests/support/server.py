"""How is the program started as in use? A gunicorn of its own on this machine, stopped by its process number."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.support.databases import SETTING_NAMES

PATIENCE_SECONDS = 300.0
STOP_SECONDS = 60  # well over the time that gunicorn gives its workers to finish


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean_environment(**added: str) -> dict[str, str]:
    """The environment without any setting of the program but those given, and without what an outer make hands down."""
    unwanted = {*SETTING_NAMES, "FLASK_APP", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    return {name: value for name, value in os.environ.items() if name not in unwanted} | added


def status_of(address: str) -> int:
    """The status that an address answers with, 0 when nothing answers."""
    try:
        with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310 - always http on this machine
            return int(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return 0


@contextmanager
def running(command: list[str], folder: Path, port: int, environment: Mapping[str, str], log: Path) -> Iterator[str]:
    """Runs a command until the program it starts answers on /redo; gives its address, and ends it afterwards."""
    address = f"http://127.0.0.1:{port}"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=dict(environment), stdout=output, stderr=output, start_new_session=True
        )
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while status_of(f"{address}/redo") != 200:
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"{' '.join(command)} does not answer on /redo:\n{log.read_text()}")
            time.sleep(0.1)
        yield address
    finally:
        # Its own process group, which this function made: make, the shell and gunicorn with its workers.
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=STOP_SECONDS)


def gunicorn() -> list[str]:
    """The command that `make run` ends with."""
    return [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "app:app"]
