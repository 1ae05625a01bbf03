"""The program as it is, but for its readings, which are not written down: what a logged read is measured against."""

from tracker.audit import reads

reads.note_read = lambda *_arguments, **_names: None

from app import app  # noqa: E402 - after the change above

__all__ = ["app"]
