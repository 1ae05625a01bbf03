"""What may be remembered for some seconds instead of asked for again? Never identities, never who may do what."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")
_all: list["Kept[object]"] = []


class Kept(Generic[Value]):
    """Values by key, each remembered for `seconds`, at most `size` of them."""

    def __init__(self, seconds: float, size: int) -> None:
        self._seconds, self._size = seconds, size
        self._values: OrderedDict[Hashable, tuple[float, Value]] = OrderedDict()
        _all.append(self)  # type: ignore[arg-type] # only ever cleared through the list

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The remembered value, or a new one."""
        found = self._values.get(key)
        if found is not None and time.monotonic() - found[0] < self._seconds:
            return found[1]
        value = make()
        self._values[key] = (time.monotonic(), value)
        while len(self._values) > self._size:
            self._values.popitem(last=False)
        return value

    def forget(self) -> None:
        """Drops every value."""
        self._values.clear()


def forget_everything() -> None:
    """Drops all that is remembered in this process."""
    for kept in _all:
        kept.forget()
