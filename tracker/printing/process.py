"""Who does the work? A process of its own (`tracker.printing.worker`), under limits of memory and time.

A Word template comes from outside, and what unpacks and reads it are libraries made for files one trusts; typst keeps
in memory what it has once set. Whatever they do, the program goes on and stays small: the process has no settings,
keys or database, can write no file, and is ended in time.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
SECONDS = 60
PYTHON = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}


class WorkFailed(Exception):
    """The process has not done its work: too much time, too much memory, or an error of its own."""


def run(
    asked: Mapping[str, Any], files: Sequence[bytes], seconds: float = SECONDS
) -> tuple[dict[str, Any], list[bytes]]:
    """What the process answers to a question and its files: an answer and files. Raises WorkFailed."""
    head = json.dumps({**asked, "sizes": [len(file) for file in files]})
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tracker.printing.worker"],
            input=b"".join((head.encode(), b"\n", *files)),
            capture_output=True, env=PYTHON, cwd=ROOT, timeout=seconds, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise WorkFailed("out of time") from None
    line, _, data = done.stdout.partition(b"\n")
    if done.returncode or not line:
        raise WorkFailed(done.stderr.decode(errors="replace")[-2000:])
    answer: dict[str, Any] = json.loads(line)
    made, start = [], 0
    for size in answer["sizes"]:
        made.append(data[start : start + size])
        start += size
    return answer, made
