"""Which signs may a text hold that goes into a file of XML?"""

import re
from typing import Any

_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def legal(text: str) -> str:
    """The text without signs that XML cannot hold."""
    return text if text.isprintable() else _ILLEGAL.sub("", text)


def legal_throughout(value: Any) -> Any:  # noqa: ANN401 - any plain value
    """A plain value, its texts within dictionaries and lists as `legal` makes them."""
    if isinstance(value, str):
        return legal(value)
    if isinstance(value, dict):
        return {name: legal_throughout(inner) for name, inner in value.items()}
    return [legal_throughout(inner) for inner in value] if isinstance(value, list) else value
