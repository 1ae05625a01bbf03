"""How long does a command take, and how much memory?"""

import os
import re
import subprocess
import time
from pathlib import Path


def measured(arguments: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """(seconds, MB at most) of a command run as a process of its own.

    The memory is the process's own high-water mark, read while it runs: what the system tells afterwards would begin
    with this process's.
    """
    start, peak = time.perf_counter(), 0
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(arguments, env=os.environ | environment, stdout=quiet, stderr=quiet)
    status = Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        found = re.search(r"VmHWM:\s+(\d+)", status.read_text())
        peak = max(peak, int(found[1])) if found else peak
        time.sleep(0.02)
    if process.returncode:
        raise RuntimeError(f"{arguments} ended with {process.returncode}")
    return time.perf_counter() - start, peak / 1024
