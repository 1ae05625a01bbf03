"""Imports run one way, and the law's folder stands on its own."""

import ast
import sys

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.support.project import ROOT, python_files, tree_of

RULES_MAY_USE = {"stdnum", "holidays", "tracker"}


def test_the_import_contracts_are_kept(capfd, monkeypatch):
    monkeypatch.chdir(ROOT)
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capfd.readouterr().out


def _imports(path):
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield ("." * node.level) + (node.module or "")


def test_rules_use_the_standard_library_and_numbers_only():
    files = [path for path in python_files("tracker") if path.parts[1] == "rules"]
    assert files
    foreign = {
        f"{path}: {name}"
        for path in files
        for name in _imports(path)
        if (top := name.partition(".")[0]) not in sys.stdlib_module_names | RULES_MAY_USE
        or (top == "tracker" and not name.startswith("tracker.rules"))
    }
    assert not foreign
