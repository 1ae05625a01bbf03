"""The quarterly report of 500 rows as PDF and as Word, by the command, with the processes that it starts."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench import data
from tests.bench.parts import Line, Register
from tests.bench.quarters import PERIOD

ROWS = 500
CLOCKS = 35_000
SECONDS, MEGABYTES = 3, 400


def measure(engine: str, tell: Callable[[Line], None]) -> None:
    """Time from the command's start to its file, and the most memory that it and its processes hold together."""
    register = Register(engine, CLOCKS)
    rows = len(json.loads(_ran(register, "json")[2])["rows"])
    for report_format, name in (("pdf", "PDF"), ("docx", "Word")):
        seconds, memory, _ = _ran(register, report_format)
        tell(Line(engine, f"report as {name}, by the command", "all", rows, None, seconds, "s", SECONDS))
        tell(Line(engine, "its memory, all processes", "all", rows, None, memory, "MB", MEGABYTES))


def _ran(register: Register, report_format: str) -> tuple[float, float, bytes]:
    quarter = PERIOD.quarter
    command = [
        sys.executable, "-m", "flask", "report", "quarter", str(quarter.year), str(quarter.number),
        "--cutoff", str(data.CUTOFF), "--previous", str(data.PREVIOUS), "--format", report_format,
    ]  # fmt: skip
    start, peak = time.perf_counter(), 0
    process = subprocess.Popen(
        command, env=os.environ | register.environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    output = b""

    def read() -> None:
        nonlocal output
        output = process.communicate()[0]

    reader = threading.Thread(target=read)
    reader.start()
    while reader.is_alive():
        peak = max(peak, _held(process.pid))
        time.sleep(0.02)
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}")
    return time.perf_counter() - start, peak / 1024, output


def _held(pid: int) -> int:
    """The kB that a process and those it has started hold now."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    own = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)
    return own + sum(_held(int(child)) for child in children)
