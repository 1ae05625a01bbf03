#!/bin/sh
# Starts the program on 127.0.0.1:$PORT: `serve.sh demo` with invented data, `serve.sh real` empty and for real.
set -eu
cd "$(dirname "$0")/.."
port=${PORT:-8000}
export PORT="$port"
address="http://127.0.0.1:$port"
instance="$PWD/instance"

flask() { .venv/bin/python -m flask "$@"; }

check_port() {
    if ! .venv/bin/python scripts/port_is_free.py "$port"; then
        echo "Porten $port går inte att använda. Välj en annan, till exempel: make ${1} PORT=8001" >&2
        exit 1
    fi
}

# Makes the demonstration under another name and moves it into place when it is whole: the database last, so that
# one that is there is never half made.
build_demo() {
    building="$instance/.demo-building"
    rm -rf "$building"
    mkdir -p "$building"
    echo "Bygger demonstrationen …" >&2
    DATABASE_URL="sqlite:///$building/demo.sqlite"
    flask db upgrade
    flask demo load > "$building/demo-users.txt"
    .venv/bin/python -c 'import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute("PRAGMA wal_checkpoint(TRUNCATE)")' \
        "$building/demo.sqlite"
    rm -f "$instance/demo.sqlite" "$instance/demo.sqlite-wal" "$instance/demo.sqlite-shm"
    mv "$building/demo-users.txt" "$instance/demo-users.txt"
    newest_migration > "$instance/demo-schema.txt"
    mv "$building/demo.sqlite" "$instance/demo.sqlite"
    rm -rf "$building"
}

newest_migration() { find migrations/versions -name '*.py' | sort | tail -n 1; }

demo() {
    # The demonstration stands apart from a real installation whose settings may be in the environment.
    unset BASE_URL TRUSTED_PROXIES MUNICIPALITY_NAME || true
    export APP_ENV=development
    export DATABASE_URL
    if [ ! -f "$instance/demo.sqlite" ] || [ ! -f "$instance/demo-users.txt" ]; then
        build_demo
    fi
    DATABASE_URL="sqlite:///$instance/demo.sqlite"
    if [ "$(cat "$instance/demo-schema.txt" 2>/dev/null || true)" != "$(newest_migration)" ]; then
        flask db upgrade
        newest_migration > "$instance/demo-schema.txt"
    fi
    echo "Demonstrationen finns på $address"
    echo "Logga in som någon av dem (roll, e-postadress, lösenord):"
    cat "$instance/demo-users.txt"
}

real() {
    address=${BASE_URL:-$address}
    flask db upgrade
    refusal=$(mktemp)
    trap 'rm -f "$refusal"' EXIT
    echo "Egenkoll finns på $address"
    if code=$(flask users first-code 2>"$refusal"); then
        echo "Skriv engångskoden $code på $address/engangskod och bli den första administratören."
    elif ! grep -q "redan en administratör" "$refusal"; then
        cat "$refusal" >&2
        exit 1
    fi
    rm -f "$refusal"
    trap - EXIT
}

sh scripts/venv.sh runtime
umask 077
case "${1:-}" in
    demo) check_port run; demo ;;
    real) check_port start; real ;;
    *) echo "usage: serve.sh demo|real" >&2; exit 2 ;;
esac
echo "Stoppa med Ctrl+C."
exec .venv/bin/python -m gunicorn --config gunicorn.conf.py app:app
