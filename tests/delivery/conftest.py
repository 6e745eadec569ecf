"""The wheel and the source archive, built, and installed into an environment of their own that cannot reach any network."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def without_network() -> list[str]:
    """What a command line begins with so that it runs without any route; nothing where the system does not allow that."""
    line = ["unshare", "-rn"]
    try:
        allowed = subprocess.run([*line, "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        allowed = False
    return line if allowed else []


@dataclass(frozen=True)
class Environment:
    """An environment with its own installed packages; what they need comes from the one of the tests."""

    folder: Path
    elsewhere: Path

    def run(self, program: str, *arguments: str | Path, cwd: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment without a network, with no settings of this machine, in an empty folder."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("NLP3D_", "XDG_", "PYTHON", "PIP_"))}
        settings = {"HOME": str(self.elsewhere), "PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        line = [*without_network(), str(self.folder / "bin" / program), *map(str, arguments)]
        return subprocess.run(
            line, capture_output=True, text=True, cwd=cwd or self.elsewhere, env={**kept, **settings, **variables}, timeout=280, check=False
        )

    def python(self, *arguments: str | Path, cwd: Path | None = None, **variables: str) -> str:
        """The output of its Python, which must go well."""
        done = self.run("python", *arguments, cwd=cwd, **variables)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def install(self, *wheels: Path) -> None:
        """Install wheels alone: nothing is looked for anywhere."""
        self.python("-m", "pip", "install", "-q", "--no-index", "--no-deps", *wheels)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel, and the source archive it was built beside."""
    out = tmp_path_factory.mktemp("built")
    done = subprocess.run(
        [*without_network(), sys.executable, "-m", "hatchling", "build", "-d", str(out)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return out


def new_environment(folder: Path) -> Environment:
    """An environment without nlp3d that sees the packages of the tests, but not what is installed there to be edited in its place."""
    venv, elsewhere = folder / "venv", folder / "elsewhere"
    elsewhere.mkdir()
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True, capture_output=True)
    own = Path(sysconfig.get_path("purelib", vars={"base": str(venv), "platbase": str(venv)}))
    # As lines of a .pth file they come after the environment's own, and their own .pth files are not followed.
    seen = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    (own / "packages_of_the_tests.pth").write_text("".join(f"{path}\n" for path in seen), encoding="utf-8")
    return Environment(venv, elsewhere)


@pytest.fixture(scope="session")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An environment with the built wheel in it."""
    made = new_environment(tmp_path_factory.mktemp("environment"))
    made.install(next(built.glob("*.whl")))
    return made
