"""`nlp3d serve` as a process of its own, and the reports that the tests give it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page

import nlp3d

ROOT = Path(nlp3d.__file__).parents[1]
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip
CANARY = "Zyxquentin"
TEXT_77 = (
    "CT FACE WITHOUT CONTRAST\n\nTECHNIQUE: Axial images. Coronal reformats were made. Volume rendered images were created on an independent "
    "workstation under my concurrent supervision.\n\nFINDINGS: The volume rendered images show a displaced fracture of the left zygoma.\n"
)
TEXT_OPEN = (
    "CT LEFT FOOT\n\nTECHNIQUE: Volume rendered images were made under my direct supervision. They were sent to the graphics room.\n\n"
    "FINDINGS: The volume rendered images show a fracture of the talus.\n"
)
HOSTILE = [
    {"id": "crlf", "text": TEXT_77.replace("\n", "\r\n"), "date_of_service": "2026-03-04", "reader": "R1"},
    {"id": "emoji", "text": "\U0001f600 \U0001f468\u200d\U0001f469 " + TEXT_77, "reader": "R1"},
    {"id": "tabs", "text": TEXT_77.replace(" images", "\timages").replace("\n\n", "\n\t\n \r"), "reader": "R2"},
    {"id": "combining", "text": TEXT_77.replace("zygoma", "zygo\u0308ma e\u0301\u0302 \u0938\u094d\u0924\u0947"), "date_of_service": "2025-12-31"},
    {"id": "bidi", "text": TEXT_77.replace("on an", "\u202eon an\u202c").replace("left", "\u2067left\u2069\u200b\ufeff")},
    {"id": "tags", "text": "<script>alert(1)</script><img src=x onerror=alert(1)>&amp;&#13;</textarea>--> {{7*7}} {% raw %} ${x}\n" + TEXT_77},
    {"id": "lead", "text": "\n\n  \n" + TEXT_77 + "\n\n"},
    {"id": "open", "text": TEXT_OPEN, "title": "CT <b>FOOT</b>", "reader": "\"><img src=x onerror=alert(1)>"},
    {"id": "planar", "text": "CT KNEE\nTECHNIQUE: Axial images with coronal reformats.\nFINDINGS: Normal.", "date_of_service": "2026-03-09"},
]


@dataclass
class Server:
    """A running `nlp3d serve`."""

    process: subprocess.Popen[bytes]
    base: str
    token: str
    folder: Path
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=self.base, headers={"X-Nlp3d-Token": self.token}, timeout=60)

    @property
    def address(self) -> str:
        return f"{self.base}/#token={self.token}"

    @property
    def decisions(self) -> Path:
        return self.folder / "decisions.db"

    def post(self, path: str, body: Any) -> httpx.Response:
        return self.client.post(path, json=body)

    def stop(self, hard: bool = False) -> tuple[bytes, bytes]:
        """End it; what it wrote on standard output and error."""
        self.process.send_signal(signal.SIGKILL if hard else signal.SIGINT)
        return self.process.communicate(timeout=30)


Start = Callable[..., Server]


def start_server(folder: Path, *arguments: str, records: list[dict[str, Any]] | None = None, port: int = 0, **variables: str) -> Server:
    """Start the command in a folder with a worklist and a store of decisions there."""
    listed = folder / "reports.jsonl"
    if not listed.exists():
        listed.write_text("".join(json.dumps(one) + "\n" for one in records or HOSTILE), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "nlp3d", "serve", str(listed), "--decisions", str(folder / "decisions.db"), "--port", str(port), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
    )
    assert process.stdout is not None
    line = process.stdout.readline().decode().strip()
    if not line:
        raise AssertionError(process.communicate(timeout=30)[1].decode())
    base, _, token = line.partition("/#token=")
    return Server(process, base, token, folder)


def paste(page: Page, text: str) -> None:
    """Put a report into the page and ask, as a coder does."""
    page.fill("#text", text)
    page.focus("#text")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#verdict-h")
