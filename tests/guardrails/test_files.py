"""Small files, one clock, tests that test, and nothing in the project that only holds on one machine."""

import ast
import re

from tests.support.project import project_files, python_files, text_of, tree_of

LONGEST = 400
SOURCES = {".py", ".html", ".css", ".js", ".sh"}
CLOCK_CALLS = {("date", "today"), ("datetime", "today"), ("datetime", "now"), ("datetime", "utcnow"), ("time", "time")}
CHECKS = ("assert", "check", "expect")
# In two pieces, so that this file does not find itself.
ONE_MACHINE = re.compile(
    "|".join(("/wo" + "rk/", "/ro" + "ot/", "/ho" + r"me/\w", "/Use" + r"rs/\w", "/op" + "t/"))
)  # fmt: skip
REGISTRY = re.compile("|".join(("index" + "-url", "find" + "-links", "trusted" + "-host", "pythonho" + "sted")))
LOCKING = {"Makefile"}  # names the options that keep registries out of the locked files


def test_no_file_holds_more_than_one_idea():
    long = {
        str(path): lines
        for path in project_files()
        if path.suffix in SOURCES and (lines := len(text_of(path).splitlines())) > LONGEST
    }
    assert not long


def test_the_clock_is_read_in_one_place():
    readers = {
        f"{path}:{node.lineno}"
        for path in python_files("tracker")
        if path.name != "clock.py"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (ast.unparse(node.func.value).rpartition(".")[2], node.func.attr) in CLOCK_CALLS
    }
    assert not readers


def _asserts(function):
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2].lstrip("_")
            if name.startswith(CHECKS) or name in {"raises", "warns", "exit"}:
                return True
    return False


def test_every_test_asserts_something():
    empty = {
        f"{path}:{node.lineno} {node.name}"
        for path in python_files("tests")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not _asserts(node)
    }
    assert not empty


def test_every_module_says_what_it_is_for():
    files = [path for path in python_files("tracker", "tests", "scripts") if text_of(path).strip()]
    silent = {str(path) for path in files if not ast.get_docstring(tree_of(path))}
    assert not silent


def _places(pattern, *, but=frozenset()):
    return {
        f"{path}:{number}"
        for path in project_files()
        if str(path) not in but
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if pattern.search(line)
    }


def test_nothing_points_at_a_place_on_one_machine():
    assert not _places(ONE_MACHINE)


def test_nothing_names_where_packages_come_from():
    assert not _places(REGISTRY, but=LOCKING)
