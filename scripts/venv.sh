#!/bin/sh
# Makes .venv and installs what is locked: `venv.sh runtime` to run the program, `venv.sh dev` to test it too.
# Beside the packages lies a copy of what was installed; nothing is done while it equals the locked files.
set -eu
cd "$(dirname "$0")/.."

right_python() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

case "${1:-}" in
    runtime) set -- requirements.txt ;;
    dev) set -- requirements.txt requirements-dev.txt ;;
    *) echo "usage: venv.sh runtime|dev" >&2; exit 2 ;;
esac

missing=""
for file in "$@"; do
    cmp -s "$file" ".venv/installed-$file" || missing=yes
done
if right_python .venv/bin/python && [ -z "$missing" ]; then
    exit 0
fi

if ! right_python .venv/bin/python; then
    python=""
    for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if right_python "$name"; then python=$name; break; fi
    done
    if [ -z "$python" ]; then
        echo "Python 3.11 eller nyare behövs. Installera det och försök igen, till exempel: apt install python3 python3-venv" >&2
        exit 1
    fi
    echo "Skapar .venv med $($python --version) …" >&2
    rm -rf .venv
    if ! "$python" -m venv .venv >&2; then
        rm -rf .venv
        echo "Den virtuella miljön gick inte att skapa. I Debian och Ubuntu: apt install python3-venv" >&2
        exit 1
    fi
fi

echo "Installerar det som står i $* …" >&2
arguments=""
for file in "$@"; do arguments="$arguments -r $file"; done
# shellcheck disable=SC2086 # the arguments are meant to be split
if ! .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes $arguments >&2; then
    echo "Paketen gick inte att hämta. Kontrollera nätverket (och proxyn) och kör kommandot igen." >&2
    exit 1
fi
for file in "$@"; do cp "$file" ".venv/installed-$file"; done
