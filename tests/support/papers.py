"""Word and PDF take a process of their own and a second each; where a test is not about them, their texts stand in."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch


def _texts(kind: str):
    def make(paper: dict, *_rest: object) -> bytes:
        return f"{kind} ".encode() + json.dumps(paper, ensure_ascii=False, sort_keys=True).encode()

    return make


@contextmanager
def quick_papers() -> Iterator[None]:
    """Inside, a Word or PDF file is the texts that would have been set."""
    with (
        patch("tracker.reports.rendering.render_pdf", _texts("pdf")),
        patch("tracker.reports.rendering.render_docx", _texts("docx")),
        patch("tracker.reports.rendering.quality.render_pdf", _texts("pdf")),
        patch("tracker.reports.rendering.quality.render_docx", _texts("docx")),
        patch("tracker.reports.rendering.story.render_pdf", _texts("pdf")),
        patch("tracker.reports.rendering.story.render_docx", _texts("docx")),
        patch("tracker.reports.rendering.control.render_pdf", _texts("pdf")),
        patch("tracker.reports.rendering.control.render_docx", _texts("docx")),
    ):
        yield
