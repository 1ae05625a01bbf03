"""What is a function of the program called with? It does its work as ever; the test hears of it."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest


def overhear(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str, note: Callable[..., Any]) -> list[Any]:
    """A list that grows by `note(*arguments)` at each call of the module's function; None is left out."""
    real, heard = getattr(module, name), []

    def both(*arguments: object, **named: object) -> object:
        said = note(*arguments, **named)
        if said is not None:
            heard.append(said)
        return real(*arguments, **named)

    monkeypatch.setattr(module, name, both)
    return heard
