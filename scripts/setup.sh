#!/bin/sh
# Makes .venv from requirements.lock, once for each version of it. Needs Python 3.11 or newer;
# on Debian, as root, installs it.
set -eu
cd "$(dirname "$0")/.."

wanted=$(cat requirements.lock pyproject.toml scripts/setup.sh | sha256sum | cut -d' ' -f1)
stamp=.venv/.made-from
[ "$(cat "$stamp" 2>/dev/null || true)" = "$wanted" ] && exit 0

find_python() {
    for candidate in "${PYTHON:-}" python3.13 python3.12 python3.11 python3; do
        [ -n "$candidate" ] || continue
        "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
            2>/dev/null && { echo "$candidate"; return; }
    done
    return 1
}

if ! python=$(find_python); then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "setup: installing Python from Debian's packages" >&2
        apt-get update -qq && apt-get install -y -qq --no-install-recommends python3 python3-venv >&2
    fi
    python=$(find_python) || {
        echo "setup: Python 3.11 or newer with venv is needed (PYTHON=... names one)" >&2
        exit 3
    }
fi

echo "setup: .venv with $("$python" --version)" >&2
[ -x .venv/bin/python ] || "$python" -m venv .venv
pip() { .venv/bin/python -m pip --quiet --disable-pip-version-check --no-input "$@"; }
pip install --require-hashes --requirement requirements.lock
pip install --no-deps --no-build-isolation --editable .
echo "$wanted" >"$stamp"
