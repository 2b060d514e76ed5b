#!/usr/bin/env bash
# Gradescope runs this once, as root, while it builds the container: Python 3.11 or newer, and clozegrad with what it needs.
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"

newest() {
    for python in python3.13 python3.12 python3.11 python3; do
        if "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$python"
            return
        fi
    done
}

if [ -z "$(newest)" ]; then
    apt-get update
    apt-get install -y python3.11 python3.11-venv
fi
"$(newest)" -m venv "$root/venv"
"$root/venv/bin/pip" install --no-cache-dir "$root/source/package[instructor]"
