#!/bin/sh
# Builds the wheel and the sdist of this checkout into a folder, with the locked packages beside them. Needs a network.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/pip" install -q hatchling
cd "$here/.."
"$work/venv/bin/hatchling" build -d "$out"
"$work/venv/bin/pip" download -q --only-binary :all: --no-deps --require-hashes -r "$here/requirements.txt" -d "$out"
cp "$here/requirements.txt" "$out/"
