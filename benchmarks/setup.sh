#!/bin/sh
# One virtual environment for each baseline, since they pin different versions of spaCy.
# Usage: benchmarks/setup.sh FOLDER
set -eu
folder=${1:?"usage: benchmarks/setup.sh FOLDER"}
for system in edsnlp==0.23.0 medspacy==1.3.1; do
    python3 -m venv "$folder/${system%%==*}"
    "$folder/${system%%==*}/bin/python" -m pip install --quiet "$system"
done
