"""What may a template say? Fields, loops over lists and conditions; nothing that could call, count up or run on.

A loop goes through a list of the data; a loop inside it goes through a list of the outer loop's own row. So the work is
in proportion to the data, whatever the template holds. Names are looked up among plain data alone, never in objects.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NoReturn

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import SandboxedEnvironment

LOOP_FIELDS = frozenset({"first", "last", "index"})
FILTERS = ("upper", "lower", "capitalize", "length")
TESTS = ("none",)
ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Const,
    nodes.For, nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not,
    nodes.Filter, nodes.Test,
)  # fmt: skip
NOT_ALLOWED = "det går inte att använda i en mall. Använd fält, for och if."


class PlainEnvironment(SandboxedEnvironment):
    """Jinja with neither functions, globals nor attributes: texts, numbers, lists and dictionaries are all there is."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined, finalize=_only_text, cache_size=0)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.tests = {name: self.tests[name] for name in TESTS}

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 - Jinja's own shape
        """The field of a dictionary (or of a loop); of anything else nothing."""
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:  # noqa: ANN401 - as above
        """The field of a dictionary (or of a loop); of anything else nothing."""
        if isinstance(obj, LoopContext):
            return getattr(obj, argument) if argument in LOOP_FIELDS else self.undefined(obj=obj, name=argument)
        if isinstance(obj, Mapping) and isinstance(argument, str) and argument in obj:
            return obj[argument]
        return self.undefined(obj=obj, name=argument)

    def call(self, *_arguments: object, **_named: object) -> NoReturn:
        """Nothing is called."""
        raise TypeError("a template calls nothing")


def _only_text(value: object) -> object:
    if isinstance(value, str | int | float):
        return value
    raise TypeError("only texts and numbers are shown")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A fault at a line of the source that was parsed."""

    line: int
    message: str
    named: str = ""


def check_language(source: str, example: Mapping[str, Any]) -> list[Wrong]:
    """All that is wrong in a template's text: unknown fields by name, and what is not allowed.

    `example` has a value for every field there is, every list with at least one entry.
    """
    try:
        tree = PlainEnvironment().parse(source)
    except TemplateSyntaxError as error:
        return [Wrong(error.lineno, _why_unreadable(error))]
    except RecursionError:
        return [Wrong(1, "koden ligger i för många nivåer. Förenkla den.")]
    return list(_Checker(example).body(tree))


def _why_unreadable(error: TemplateSyntaxError) -> str:
    message = error.message or ""
    if "end of template" in message:
        return "koden tar slut för tidigt. Varje for behöver sitt endfor och varje if sitt endif."
    if "unknown tag" in message or "Unexpected end" in message:
        return "koden är okänd här. Använd fält, for och if, och avsluta dem med endfor och endif."
    return "koden går inte att läsa. Kontrollera klamrarna: {{ fält }} och {% for rad in lista %} … {% endfor %}."


class _Checker:
    """Walks the tree with the example's values in place of the data's."""

    def __init__(self, example: Mapping[str, Any]) -> None:
        self._scopes: list[dict[str, Any]] = [dict(example)]
        self._rows: list[str] = []

    def body(self, node: nodes.Node) -> Iterator[Wrong]:
        if not isinstance(node, ALLOWED) or not _known(node):
            yield Wrong(node.lineno, NOT_ALLOWED, type(node).__name__)
        elif isinstance(node, nodes.For):
            yield from self._loop(node)
        elif isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
            yield from self._field(node)[1]
        elif isinstance(node, nodes.Output):
            for shown in node.nodes:
                yield from self._shown(shown)
        else:
            for child in node.iter_child_nodes():
                yield from self.body(child)

    def _shown(self, node: nodes.Expr) -> Iterator[Wrong]:
        if isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
            value, wrong = self._field(node)
            yield from wrong
            if not wrong and isinstance(value, dict | list):
                yield Wrong(node.lineno, f"{_written(node)} är ingen text. Skriv ut ett fält i den, eller gå igenom "
                                         "den med for.", _written(node))  # fmt: skip
        else:
            yield from self.body(node)

    def _loop(self, node: nodes.For) -> Iterator[Wrong]:
        target, over = node.target, node.iter
        if not isinstance(target, nodes.Name) or node.recursive or node.test is not None:
            yield Wrong(node.lineno, "skriv slingan som {% for rad in lista %}.")
            return
        if not isinstance(over, nodes.Name | nodes.Getattr | nodes.Getitem):
            yield Wrong(node.lineno, "en slinga går igenom en lista bland fälten, inget annat.")
            return
        value, wrong = self._field(over)
        if wrong:
            yield from wrong
            return
        if not isinstance(value, list):
            yield Wrong(node.lineno, f"{_written(over)} är ingen lista, så den går inte att gå igenom.", _written(over))
            return
        if self._rows and _root(over) != self._rows[-1]:
            yield Wrong(
                node.lineno,
                f"en slinga inuti en annan går igenom en lista i den yttres rad, som {self._rows[-1]}.…",
                _written(over),
            )
            return
        self._scopes.append({target.name: value[0], "loop": dict.fromkeys(LOOP_FIELDS, 1)})
        self._rows.append(target.name)
        for child in node.body:
            yield from self.body(child)
        self._rows.pop()
        self._scopes.pop()
        for child in node.else_:
            yield from self.body(child)

    def _field(self, node: nodes.Node) -> tuple[Any, list[Wrong]]:
        """The example's value of a field, or what is wrong with it."""
        if isinstance(node, nodes.Name):
            for scope in reversed(self._scopes):
                if node.name in scope:
                    return scope[node.name], []
            return None, [self._unknown(node, node.name, {name for scope in self._scopes for name in scope})]
        key: object
        if isinstance(node, nodes.Getattr):
            inner, key = node.node, node.attr
        elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            inner, key = node.node, node.arg.value
        else:
            return None, [Wrong(node.lineno, NOT_ALLOWED)]
        value, wrong = self._field(inner)
        if wrong:
            return None, wrong
        if isinstance(value, dict) and key in value:
            return value[key], []
        return None, [self._unknown(node, _written(node), set(value) if isinstance(value, dict) else set(), str(key))]

    def _unknown(self, node: nodes.Node, written: str, known: set[str], key: str = "") -> Wrong:
        close = get_close_matches(key or written, known, n=1, cutoff=0.6)
        advice = f"Menade du {close[0]}?" if close else "Fälten som finns står i listan på sidan."
        return Wrong(node.lineno, f"fältet {written} finns inte. {advice}", key or written)


def _known(node: nodes.Node) -> bool:
    """Whether a filter or a test is one of ours; other nodes are."""
    if isinstance(node, nodes.Filter):
        return node.name in FILTERS
    return not isinstance(node, nodes.Test) or node.name in TESTS


def _written(node: nodes.Node) -> str:
    """A field as the template says it."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_written(node.node)}.{node.attr}"
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        return f"{_written(node.node)}[{node.arg.value!r}]"
    return "uttrycket"


def _root(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr | nodes.Getitem):
        return _root(node.node)
    return node.name if isinstance(node, nodes.Name) else ""
