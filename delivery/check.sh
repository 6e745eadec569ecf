#!/bin/sh
# Whether an installed nlp3d works: its own checks, the rules, and an answer. Writes nothing, needs no network.
set -eu
nlp3d=$1/bin/nlp3d
cd /
"$nlp3d" --version --verbose
"$nlp3d" doctor /tmp
"$nlp3d" rules test strict lenient
"$nlp3d" vocab check
"$nlp3d" schema suggestion > /dev/null
"$nlp3d" schema record > /dev/null
words="CT FEMUR. 3D volume rendered images were made on an independent workstation under my concurrent supervision."
answer=$("$nlp3d" suggest --format jsonl --text "$words")
case $answer in
  *'"code":"76377"'*) echo "answer: 76377" ;;
  *) echo "no answer as expected" >&2; exit 1 ;;
esac
