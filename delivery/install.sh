#!/bin/sh
# Installs nlp3d from a wheelhouse into a new environment: no network, every package by its hash.
set -eu
wheelhouse=$(cd "$1" && pwd)
"${PYTHON:-python3}" -m venv "$2"
export PIP_CONFIG_FILE=/dev/null PIP_DISABLE_PIP_VERSION_CHECK=1
unset PIP_FIND_LINKS PIP_INDEX_URL PIP_EXTRA_INDEX_URL || true
"$2/bin/pip" install -q --no-index --find-links "$wheelhouse" --no-deps --require-hashes -r "$wheelhouse/requirements.txt"
"$2/bin/pip" install -q --no-index --no-deps "$wheelhouse"/nlp3d-*.whl
"$2/bin/pip" check
# The files of the rules and the vocabulary are parsed once here, since the environment may be read-only later.
"$2/bin/python" -m compileall -q "$2/lib" || true
echo "CT FEMUR" | "$2/bin/nlp3d" suggest --config off > /dev/null
