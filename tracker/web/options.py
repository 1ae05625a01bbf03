"""The options of a filter's select, made once for each choice rather than for each page."""

from markupsafe import Markup, escape

from tracker.database import database_key
from tracker.kept import Kept

_options: Kept[Markup] = Kept(10.0, 2_000)


def options_of(key: tuple[object, ...], everything: str, choices: list[tuple[object, str]], chosen: object) -> Markup:
    """The options of a select, `everything` first; `key` tells which select it is, and for whom."""
    if all(value != chosen for value, _ in choices):
        chosen = None  # nothing that is made up is remembered

    def make() -> Markup:
        lines = [Markup('<option value="">{}</option>').format(everything)]
        for value, label in choices:
            mark = Markup(" selected") if value == chosen else ""
            lines.append(Markup('<option value="{}"{}>{}</option>').format(escape(value), mark, label))
        return Markup("").join(lines)

    return _options.get((database_key(), *key, chosen), make)
