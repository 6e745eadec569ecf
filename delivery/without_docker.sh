#!/bin/sh
# What the Dockerfile does, without Docker: install and check in a network namespace without any route, and the check as
# another user than root, who can write nowhere but in /tmp.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
wheelhouse=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cp "$here/check.sh" "$work/"
unshare -rn sh "$here/install.sh" "$wheelhouse" "$work/venv"
if [ "$(id -u)" = 0 ]; then
  setpriv --reuid=65534 --regid=65534 --clear-groups unshare -rn sh "$work/check.sh" "$work/venv"
else
  unshare -rn sh "$work/check.sh" "$work/venv"
fi
