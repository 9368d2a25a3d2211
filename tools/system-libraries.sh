#!/bin/sh
# Sees to what pip can't install: Python's venv module and Pango, which WeasyPrint draws text with.
# Installs what is missing as root or with sudo, or says in one line what to run.
set -eu

python_works() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

pango_works() {
    "$1" - <<'PYTHON' 2>/dev/null
import ctypes, ctypes.util, os, sys
if sys.platform == "darwin":
    folders = ["/opt/homebrew/lib", "/usr/local/lib"]
    found = lambda name: any(os.path.exists(f"{folder}/lib{name}.dylib") for folder in folders)
    sys.exit(not all(map(found, ["pango-1.0", "pangoft2-1.0", "harfbuzz-subset"])))
for name in ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"):
    ctypes.CDLL(name)
PYTHON
}

find_python() {
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null && python_works "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

install() {
    command="$1"
    shift
    if [ "$(id -u)" = 0 ] || [ "$command" = "brew install" ]; then
        sh -c "$command $*" >&2
    elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
        sudo sh -c "$command $*" >&2
    else
        echo "make: please run: sudo ${command##*&& } $*" >&2
        exit 1
    fi
}

need="$(find_python >/dev/null || echo python)"
if [ -z "$need" ] && ! pango_works "$(find_python)"; then need=pango; fi

if [ -n "$need" ]; then
    if command -v apt-get >/dev/null; then
        export DEBIAN_FRONTEND=noninteractive
        install "apt-get update -q && apt-get install -y -q --no-install-recommends" \
            python3 python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
    elif command -v brew >/dev/null; then
        install "brew install" python@3.13 pango
    else
        echo "make: please install Python 3.11 or newer with venv, and Pango 1.44 or newer with HarfBuzz" >&2
        exit 1
    fi
fi

if ! find_python; then
    echo "make: the newest Python found is older than 3.11; please install Python 3.11 or newer and run: make PYTHON=python3.11" >&2
    exit 1
fi
