"""What stands in the menu? What each capability has registered and the reader may open."""

from dataclasses import dataclass

from flask import Flask, request
from flask_login import current_user

from tracker.rules.permissions import Permission


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry of the menu. `section` is the blueprint whose pages it marks as current, as those of `also` do, only
    those below its own path when it is `alone`; no permission: everybody.
    """

    label: str
    path: str
    section: str
    permissions: frozenset[Permission] = frozenset()
    also: frozenset[str] = frozenset()
    alone: bool = False


def init_navigation(app: Flask, items: tuple[MenuItem, ...]) -> None:
    """Gives templates `menu()`: (label, path, is current) for the reader of this request."""

    def menu() -> list[tuple[str, str, bool]]:
        section, path = request.blueprint, f"{request.path}/"
        allows = current_user.allows  # the proxy finds its user anew each time
        return [
            (
                item.label,
                item.path,
                (section == item.section and (not item.alone or path.startswith(f"{item.path}/")))
                or section in item.also,
            )
            for item in items
            if not item.permissions or any(map(allows, item.permissions))
        ]

    app.jinja_env.globals["menu"] = menu
