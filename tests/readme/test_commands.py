"""The commands that the README gives work in a clean copy of the project, with nothing but Python and make."""

import json
import re
import shutil
import sqlite3
import stat
import subprocess
import urllib.request

import pytest

from tests.support import server
from tests.support.checks import check_page, text_of
from tests.support.project import ROOT, project_files
from tests.support.project import text_of as text_in

TARGETS = {"help", "run", "start", "test", "bench", "lock", "clean"}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The project's files as git would give them, without a virtual environment or a database."""
    folder = tmp_path_factory.mktemp("copy")
    for path in project_files():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, folder / path)
    return folder


@pytest.fixture
def make(copy, tmp_path):
    """Runs a make command of the copy until it answers."""

    def run(target, **added):
        port = server.free_port()
        environment = server.clean_environment(**added)
        return server.running(["make", target, f"PORT={port}"], copy, port, environment, tmp_path / f"{target}.log")

    run.log = lambda target: (tmp_path / f"{target}.log").read_text()
    return run


def _page(address):
    with urllib.request.urlopen(address, timeout=10) as response:  # noqa: S310 - always http on this machine
        assert "Server" not in response.headers
        return check_page(response.read().decode())


def test_make_help_lists_every_target():
    listed = subprocess.run(
        ["make", "help"], cwd=ROOT, env=server.clean_environment(), capture_output=True, text=True, check=True
    ).stdout
    assert {line.split()[1] for line in listed.splitlines()} == TARGETS
    targets = set(re.findall(r"^([a-z]+):", text_in(ROOT / "Makefile"), re.MULTILINE))
    assert targets == TARGETS


def test_the_readme_names_only_commands_that_exist():
    text = text_in(ROOT / "README.md")
    named = set(re.findall(r"^\s*(?:\$ )?make ([a-z]+)", text, re.MULTILINE)) | set(re.findall(r"`make ([a-z]+)", text))
    assert {"run", "start"} <= named <= TARGETS


def test_make_run_shows_the_demonstration_and_shows_it_again(copy, make):
    users = copy / "instance/demo-users.txt"
    with make("run") as address:
        assert "Demonstration" in text_of(_page(f"{address}/logga-in"))
        first = users.read_text()
        assert first.strip()
        assert first in make.log("run")
        assert address in make.log("run")
    assert stat.S_IMODE(users.stat().st_mode) == 0o600
    with make("run", APP_ENV="production", BASE_URL="https://egenkoll.kommun.example"):
        assert users.read_text() == first
        assert first in make.log("run")


def test_a_demonstration_whose_making_was_interrupted_is_made_anew(copy, make):
    database = copy / "instance/demo.sqlite"
    database.unlink(missing_ok=True)
    (copy / "instance/.demo-building").mkdir(exist_ok=True)
    (copy / "instance/.demo-building/demo.sqlite").write_bytes(b"half of it")
    with make("run"):
        with sqlite3.connect(database) as connection:
            assert connection.execute("SELECT count(*) FROM decision").fetchone()[0] > 0
        connection.close()
    assert not (copy / "instance/.demo-building").exists()


def test_make_start_is_empty_and_gives_the_first_administrator_a_code(make):
    with make("start") as address:
        log = make.log("start")
        found = re.search(r"engångskoden (\S+) på (\S+)", log)
        assert found, log
        assert found.group(2) == f"{address}/engangskod"
        assert "Demonstration" not in text_of(_page(f"{address}/logga-in"))
        assert "administratör" in text_of(_page(f"{found.group(2)}/{found.group(1)}"))


def test_make_start_gives_no_code_once_there_is_an_administrator(copy, make):
    command = [".venv/bin/flask", "users", "create", "admin@kommun.example", "--name", "Ada", "--role", "admin"]
    environment = server.clean_environment()
    subprocess.run(
        command, cwd=copy, env=environment, input="sju hastar i regn\n", text=True, capture_output=True, check=True
    )
    with make("start") as address:
        assert address in make.log("start")
    assert "engångskod" not in make.log("start")


def test_the_published_list_becomes_the_report(copy, tmp_path):
    environment = server.clean_environment(DATABASE_URL=f"sqlite:///{tmp_path / 'published.sqlite'}")

    def flask(*arguments):
        command = [str(copy / ".venv/bin/flask"), *arguments]
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    flask("db", "upgrade")
    assert flask("import", "decisions", "examples/decisions-2021.csv").startswith("33 nya")
    days = ("--cutoff", "2022-01-31", "--previous", "2021-10-31")
    counts = json.loads(flask("report", "quarter", "2021", "4", *days))["counts"]
    assert [counts[name] for name in ("executed", "closed", "still_unexecuted", "new")] == [10, 2, 16, 5]
    assert sum(counts.values()) == 33


def test_a_taken_port_is_told_in_one_line(copy):
    with server.socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            ["make", "start", f"PORT={port}"],
            cwd=copy, env=server.clean_environment(), capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
    assert done.returncode != 0
    assert f"Porten {port} går inte att använda" in done.stderr
