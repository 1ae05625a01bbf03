"""Which files make up the project? What git keeps or would keep; without git, all but what is made by running."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE = {".venv", "__pycache__", ".git", ".bench", "test-results", "instance"}


@cache
def project_files() -> tuple[Path, ...]:
    """The project's files, relative to its root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode == 0:
        names = [Path(name) for name in listed.stdout.split("\0") if name]
    else:
        names = [path.relative_to(ROOT) for path in ROOT.rglob("*")]
    return tuple(
        sorted(
            name
            for name in names
            if (ROOT / name).is_file()
            and (listed.returncode == 0 or not MADE & set(name.parts))
            and not any(part.endswith("_cache") for part in name.parts)
        )
    )


def python_files(*folders: str) -> list[Path]:
    """The Python files below some folders of the project."""
    return [path for path in project_files() if path.suffix == ".py" and path.parts[0] in folders]


@cache
def tree_of(path: Path) -> ast.Module:
    """What a Python file of the project says."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), str(path))


def text_of(path: Path) -> str:
    """A file's text; empty for pictures and the like."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
