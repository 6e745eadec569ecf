#!/bin/sh
# The tests of the frames with another pandas than the installed one:  other_pandas.sh PYTHON ['pandas<3']
# An environment of its own gets that pandas; everything else comes from the environment of PYTHON. Needs the network once.
set -eu
python=$1
wanted=${2:-pandas>=2.2,<3}
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check --no-deps "$wanted" pytz tzdata
"$python" - "$work/venv" "$PWD" <<'END'
import sys, sysconfig
from pathlib import Path

own = Path(sysconfig.get_path("purelib", vars={"base": sys.argv[1], "platbase": sys.argv[1]}))
seen = [sys.argv[2], *(path for path in sys.path if path.endswith(("site-packages", "dist-packages")))]
(own / "others.pth").write_text("".join(f"{path}\n" for path in seen), encoding="utf-8")
END
"$work/venv/bin/python" -c "import pandas; print('pandas', pandas.__version__)"
"$work/venv/bin/python" -m pytest -p no:cacheprovider tests/frameworks/test_frames.py tests/frameworks/test_sklearn.py
