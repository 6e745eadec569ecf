"""The borders between the parts: who may import whom, and what an answer may load."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "nlp3d"
HEAVY = {"starlette", "uvicorn", "spacy", "pandas", "sklearn", "scipy", "numpy", "pyarrow", "pydantic", "typer", "rich", "jinja2", "polars"}
SPACY_MODULES = {"components", "annotations", "pipe", "scoring"}
FRONT = ("cli", "readers", "writers", "annotation", "archive", "web", "decisions")
WEB_ONLY = {"starlette", "uvicorn", "jinja2", "pydantic"}
# Each is imported by those who use that library, and by nothing of ours.
SURFACES = {"pandas": {"pandas"}, "polars": {"polars"}, "sklearn": {"sklearn", "numpy"}}
# Later stands below: a module may import modules of earlier lines (and of its own), never of a later one.
FLOW = (
    ("errors", "facts", "text", "record", "yamlparse", "layout"),
    ("config", "yamlfile"),
    ("vocabulary",),
    ("concepts",),
    ("colours",),
    ("matching",),
    ("spelling",),
    ("report",),
    ("cues",),
    ("three_d",),
    ("mentions",),
    ("sections",),
    ("studies",),
    ("assertion",),
    ("topics",),
    ("attachment",),
    ("participation",),
    ("interpretation", "circumstances", "references", "observations"),
    ("gathering",),
    ("rules",),
    ("suggestion",),
    ("admission",),
    ("pipeline",),
    ("pack",),
    ("frames",),
    ("annotations",),
    ("scoring",),
    ("pipe",),
    ("components",),
)
PLACE = {module: place for place, modules in enumerate(FLOW) for module in modules}
RULES_MAY_KNOW = {"rules", "errors", "facts", "yamlfile", "yamlparse", "config"}


def _name(path: Path) -> str:
    """The part of the package a file belongs to: its folder, or the module itself."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _for_checkers(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _imports(path: Path, everywhere: bool) -> set[tuple[str, str]]:
    """(top-level package, part of nlp3d or ""); `everywhere` takes those inside functions too, never those for type checkers only."""
    found: set[tuple[str, str]] = set()
    inside = path.relative_to(PACKAGE).parts[:-1]

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                parts = alias.name.split(".")
                found.add((parts[0], parts[1] if parts[0] == "nlp3d" and len(parts) > 1 else ""))
        elif isinstance(node, ast.ImportFrom):
            module = (node.module or "").split(".") if node.module else []
            if node.level:
                module = ["nlp3d", *inside[: len(inside) - node.level + 1], *module]
            if module == ["nlp3d"]:
                found.update(("nlp3d", alias.name) for alias in node.names)
            else:
                found.add((module[0], module[1] if module[0] == "nlp3d" else ""))
        elif _for_checkers(node) or (isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and not everywhere):
            return
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(ast.parse(path.read_text(encoding="utf-8")))
    return found


def _files(*parts: str) -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob("*.py")) if not parts or _name(path) in parts]


def _id(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


STEPS = [path for path in _files(*PLACE) if _name(path) not in SPACY_MODULES]


def test_the_check_sees_imports() -> None:
    assert ("spacy", "") in _imports(PACKAGE / "components.py", True)
    assert ("nlp3d", "errors") in _imports(PACKAGE / "rules" / "load.py", True)
    assert ("nlp3d", "rules") in _imports(PACKAGE / "rules" / "load.py", True)


def test_every_module_of_the_flow_exists() -> None:
    assert {_name(path) for path in _files(*PLACE)} == set(PLACE)


@pytest.mark.parametrize("path", STEPS, ids=_id)
def test_the_flow_loads_nothing_heavy(path: Path) -> None:
    # `frames` loads the library of the frame it was given.
    allowed = {"pandas", "polars"} if _name(path) == "frames" else set()
    assert not {top for top, _ in _imports(path, True)} & HEAVY - allowed


@pytest.mark.parametrize("path", _files("rules"), ids=_id)
def test_rules_never_see_text(path: Path) -> None:
    assert {part for top, part in _imports(path, True) if top == "nlp3d"} <= RULES_MAY_KNOW
    assert not {top for top, _ in _imports(path, True)} & {"re2", "spacy"}


def test_facts_know_nothing() -> None:
    assert not {part for top, part in _imports(PACKAGE / "facts.py", True) if top == "nlp3d"}


@pytest.mark.parametrize("path", _files(*PLACE), ids=_id)
def test_one_way_only(path: Path) -> None:
    own = PLACE[_name(path)]
    later = {part for top, part in _imports(path, True) if top == "nlp3d" and PLACE.get(part, -1) > own}
    assert not later
    assert not {part for top, part in _imports(path, True) if top == "nlp3d"} & set(FRONT)


@pytest.mark.parametrize("path", [path for path in _files() if _name(path) not in SPACY_MODULES], ids=_id)
def test_spacy_only_in_its_modules(path: Path) -> None:
    assert "spacy" not in {top for top, _ in _imports(path, True)}


@pytest.mark.parametrize("path", _files(), ids=_id)
def test_heavy_imports_only_where_used(path: Path) -> None:
    allowed = {"spacy"} if _name(path) in SPACY_MODULES else {"typer", "rich"} if _name(path) in ("cli", "writers") else set()
    allowed |= WEB_ONLY if _name(path) == "web" else set()
    allowed = allowed | SURFACES.get(_name(path), set())
    assert not ({top for top, _ in _imports(path, False)} & HEAVY) - allowed


@pytest.mark.parametrize("path", _files("decisions"), ids=_id)
def test_decisions_know_no_page(path: Path) -> None:
    imports = _imports(path, True)
    assert not {part for top, part in imports if top == "nlp3d"} & {"web", "cli"}
    assert not {top for top, _ in imports} & HEAVY


@pytest.mark.parametrize("path", _files(), ids=_id)
def test_no_pickle_no_network_no_eval(path: Path) -> None:
    assert not {top for top, _ in _imports(path, True)} & {
        "pickle",
        "joblib",
        "dill",
        "cloudpickle",
        "socket",
        "requests",
        "urllib",
        "http",
        "httpx",
    }
    calls = {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not calls & {"eval", "exec"}


@pytest.mark.parametrize(
    "text",
    ["CT FEMUR. Volume rendered 3D images were made on an independent workstation.", "Chest radiograph, two views. Clear lungs.", ""],
)
def test_an_answer_loads_nothing_heavy(text: str) -> None:
    program = "import sys, nlp3d; nlp3d.suggest(sys.argv[1]).to_json(); print(*sorted({m.split('.')[0] for m in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", program, text], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    assert not set(done.stdout.split()) & HEAVY
