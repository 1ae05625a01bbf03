"""How large may what is sent be? As a form, unless the view says that it takes files."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

View = TypeVar("View", bound=Callable[..., Any])
ATTRIBUTE = "largest_upload"


def takes_files(largest_bytes: int) -> Callable[[View], View]:
    """The view takes a file of this size; other views keep the limit of forms."""

    def decide(view: View) -> View:
        setattr(view, ATTRIBUTE, largest_bytes)
        return view

    return decide


def init_uploads(app: Flask) -> None:
    """Sets the limit before anything reads what is sent."""

    def limit() -> None:
        largest = getattr(current_app.view_functions.get(request.endpoint or ""), ATTRIBUTE, None)
        if largest is not None:
            request.max_content_length = largest

    app.before_request(limit)
