"""`make bench`: measures every bar of the main job and prints role, rows in scope, statements, figure and bar."""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path


def main() -> int:
    """Runs the chosen parts on the chosen engines; exit code 1 when a bar is not met."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--large", type=int, default=1_000_000, help="clocks in the large register")
    parser.add_argument("--pairs", type=int, default=200, help="pairs of requests for each page")
    every = (
        "trust,files,papers,backup,closing,sending,control,reminders,cases,search,start,pictures,pages,nohits,quarter"
    )
    parser.add_argument("--only", default=every, help="which parts to run")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="egenkoll-bench-"))
    os.environ["EGENKOLL_TEST_FOLDER"] = str(folder)
    os.environ["PYTHONWARNINGS"] = "ignore"
    from tests.bench.parts import run
    from tests.support.databases import stop_postgresql

    try:
        lines = run(options.engines.split(","), options.large, options.pairs, options.only.split(","))
    finally:
        stop_postgresql()
        shutil.rmtree(folder, ignore_errors=True)
    missed = [line for line in lines if not line.met]
    print(f"\n{len(lines) - len(missed)} of {len(lines)} bars met")
    for line in missed:
        print(f"missed: {line.engine} {line.what}: {line.figure:.2f} {line.unit}, bar {line.bar}")
    return 1 if missed else 0


sys.exit(main())
