"""Answers that are files: a list as CSV piece by piece, a workbook that has been written."""

from collections.abc import Iterable
from typing import BinaryIO

from flask import Response, send_file, stream_with_context

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_answer(pieces: Iterable[str], name: str) -> Response:
    """The pieces of a CSV file, sent as they come, under this name."""
    answer = Response(stream_with_context(piece.encode() for piece in pieces), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def xlsx_answer(file: BinaryIO, name: str) -> Response:
    """A workbook that stands in a file, from its beginning, under this name; the answer closes the file."""
    file.seek(0)
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=name, max_age=0)
