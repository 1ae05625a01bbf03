"""How does a source of typst become PDF or pictures? Data goes in beside the source, as texts that are only shown."""

from collections.abc import Mapping, Sequence

from tracker.printing.process import run

PIXELS_PER_INCH = 220


def set_pdf(source: bytes, inputs: Mapping[str, str]) -> bytes:
    """The source as a tagged PDF (PDF/UA-1). Raises WorkFailed when it cannot be set, as when a title is missing."""
    _, made = run({"work": "typst", "form": "pdf", "inputs": [inputs]}, [source])
    return made[0]


def set_pictures(source: bytes, inputs: Sequence[Mapping[str, str]]) -> list[bytes]:
    """The source as PNG, once for each set of inputs."""
    return run({"work": "typst", "form": "png", "ppi": PIXELS_PER_INCH, "inputs": inputs}, [source])[1]
