"""The page's own routes: empty shells without a token, and the views that fill them with one."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from ..decisions.agreement import agreement
from ..decisions.chain import Entry
from .desk import Desk
from .endpoints import Endpoint, elsewhere
from .models import AnswerBody, FilterBody, ItemBody
from .templating import render
from .worklist import Filter, Worklist, choices, chosen, ranges, state_of

SHELLS = {"/": "paste", "/worklist": "worklist", "/agreement": "agreement"}


def shells(desk: Desk) -> list[Route]:
    """The pages as a browser opens them: nothing of a report, a run or a decision stands in them."""

    def route(path: str, name: str) -> Route:
        async def shell(_: Request) -> HTMLResponse:
            settings = desk.settings
            return HTMLResponse(
                render(
                    f"{name}.html",
                    active=name,
                    has_worklist=settings.worklist is not None,
                    has_store=settings.store is not None,
                    profiles=settings.profiles,
                    profile=settings.profile,
                    day=settings.day.isoformat() if settings.day else "",
                    examples=settings.examples,
                )
            )

        return Route(path, shell)

    return [route(path, name) for path, name in SHELLS.items()]


def endpoints(desk: Desk) -> list[Endpoint[Any]]:
    """The views, as fragments of HTML."""

    async def worklist(body: FilterBody) -> str:
        latest = await elsewhere(desk.settings.store.latest) if desk.settings.store else {}
        return await elsewhere(_listed, desk.worklist(), body, latest)

    async def numbers(_: None) -> str:
        return render("agreement_numbers.html", numbers=agreement(await elsewhere(lambda: list(desk.store().entries()))))

    return [
        Endpoint("/view/answer", "The answer to a pasted report.", desk.page, AnswerBody),
        Endpoint("/view/report", "A report of the worklist.", desk.item_page, ItemBody),
        Endpoint("/view/worklist", "The list.", worklist, FilterBody),
        Endpoint("/view/agreement", "The numbers.", numbers),
    ]


def _listed(work: Worklist, body: FilterBody, latest: dict[str, Entry]) -> str:
    """The list as the page shows it: in a thread, since there may be very many reports."""
    rows = list(work.rows())
    by = Filter(body.reason, body.flag, body.reader, body.month, body.state)
    left = [(row, entry, state_of(entry)) for row, entry in chosen(rows, by, latest)]
    states = Counter(state_of(latest.get(row.key)) for row in rows)
    return render(
        "worklist_rows.html",
        shown=list(islice((one for one in left if one[0].number > body.after), body.limit)),
        ranges=ranges([row.number for row, _, _ in left]),
        chosen=len(left),
        total=len(rows),
        complete=work.complete,
        answered=sum(row.reason is not None for row in rows),
        decided=states["decided"],
        held=states["held"],
        unread=work.unread(),
        choices=choices(rows),
        by=by,
    )
