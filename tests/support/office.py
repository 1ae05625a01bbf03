"""Brings in files as a terminal would, and sees what they left behind."""

from pathlib import Path

from tests.decisions.running import Ran, run, snapshot
from tests.exchange.files import workbook


class ImportOffice:
    """Writes files and imports them; `refused` also sees that a refusal leaves everything as it was."""

    def __init__(self, app, folder: Path) -> None:
        self.app, self.folder = app, folder

    def run_import(self, kind: str, content: str | bytes | list[list[object]] | Path, *options: object) -> Ran:
        """Runs the import of a text, of bytes, of a workbook's rows or of a file that is there."""
        path = content if isinstance(content, Path) else self._written(kind, content)
        return run(self.app, "import", kind, path, *options)

    def _written(self, kind: str, content: str | bytes | list[list[object]]) -> Path:
        path = self.folder / f"{kind}.{'xlsx' if isinstance(content, list) else 'csv'}"
        data = workbook(content) if isinstance(content, list) else content
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    def imports(self, kind: str, content: str | bytes | list[list[object]] | Path, *options: object) -> str:
        """Imports a file and gives the last line."""
        ran = self.run_import(kind, content, *options)
        assert (ran.code, ran.err) == (0, ""), ran
        return ran.last

    def refused(self, kind: str, content: str | bytes | list[list[object]], *options: object) -> list[str]:
        """Imports a file that must be refused, with the database as before; gives what was said."""
        before = snapshot()
        ran = self.run_import(kind, content, *options)
        assert (ran.code, ran.out) == (1, ""), ran
        assert snapshot() == before
        assert ran.errors[-1] == "Inget har lästs in."
        return ran.errors[:-1]
