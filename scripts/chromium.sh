#!/bin/sh
# Prints the path of a Chromium; installs Debian's when there is none and it may. The browser tests are never skipped.
set -eu

find_chromium() {
    for name in ${CHROMIUM:+"$CHROMIUM"} chromium chromium-browser google-chrome google-chrome-stable; do
        if command -v "$name" 2>/dev/null; then return 0; fi
    done
    return 1
}

find_chromium && exit 0
if command -v apt-get >/dev/null 2>&1; then
    as_root=""
    [ "$(id -u)" = 0 ] || as_root="sudo -n"
    echo "Ingen Chromium hittades, försöker installera den …" >&2
    $as_root apt-get update >&2 && DEBIAN_FRONTEND=noninteractive $as_root apt-get install --yes chromium >&2 || true
    find_chromium && exit 0
fi
echo "Webbläsartesterna behöver Chromium, och ingen hittades. Installera den: sudo apt-get install chromium" >&2
echo "(eller ange var den finns: CHROMIUM=/sökväg/till/chromium make test)" >&2
exit 1
