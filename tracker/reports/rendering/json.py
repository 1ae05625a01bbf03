"""How does a report become JSON? It is the document as it stands."""

import json

from tracker.reports.audiences import Document

ROWS_AT_ONCE = 500


def render_json(document: Document) -> bytes:
    """The document as it is. Rows are written some hundred at a time: in one piece it takes half as long again."""
    rows = document["rows"]
    pieces = [
        json.dumps(rows[start : start + ROWS_AT_ONCE], ensure_ascii=False)[1:-1]
        for start in range(0, len(rows), ROWS_AT_ONCE)
    ]
    without_rows = {name: value for name, value in document.items() if name != "rows"}
    head = json.dumps(without_rows, ensure_ascii=False).removesuffix("}")
    return f'{head}, "rows": [{", ".join(pieces)}]}}\n'.encode()
