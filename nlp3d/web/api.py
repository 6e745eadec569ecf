"""The JSON API: the same answers and decisions as on the page, for other programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ..decisions.agreement import Period, agreement
from ..decisions.chain import Entry
from ..pipeline import versions
from .desk import Desk
from .endpoints import Endpoint, elsewhere
from .models import DecideBody, DecisionBody, FeedbackBody, FilterBody, ItemBody, SuggestBody
from .worklist import Filter, Row, chosen, state_of

_KEY = "00000000-0000-4000-8000-000000000000"


def endpoints(desk: Desk) -> list[Endpoint[Any]]:
    """The routes under /api, in the order in which the API describes them."""

    async def health(_: None) -> dict[str, Any]:
        return {"status": "ok", "versions": versions(), "worklist": desk.settings.worklist is not None, "decisions": desk.settings.store is not None}

    async def suggest(body: SuggestBody) -> dict[str, Any]:
        return await desk.suggest(body)

    async def decide(body: DecideBody) -> dict[str, Any]:
        return desk.rules(body)

    async def examples(_: None) -> list[Any]:
        return desk.settings.examples

    async def worklist(body: FilterBody) -> dict[str, Any]:
        work = desk.worklist()
        latest = await elsewhere(desk.settings.store.latest) if desk.settings.store else {}
        by = Filter(body.reason, body.flag, body.reader, body.month, body.state)
        left = await elsewhere(lambda: list(chosen(list(work.rows()), by, latest)))
        shown = [one for one in left if one[0].number > body.after][: body.limit]
        return {"reports": len(work), "complete": work.complete, "unread": work.unread(), "chosen": len(left), "rows": [_row(row, entry) for row, entry in shown]}

    async def item(body: ItemBody) -> dict[str, Any]:
        return await desk.item(body)

    async def decisions(body: DecisionBody) -> dict[str, Any]:
        return _confirmed(await desk.decide(body))

    async def feedback(body: FeedbackBody) -> dict[str, Any]:
        return {"recorded": [_confirmed(await desk.feedback(entry)) for entry in body.feedback]}

    async def agreed(_: None) -> dict[str, Any]:
        numbers = agreement(await elsewhere(lambda: list(desk.store().entries())))
        pairs = [{"suggested": suggested, "final": final, "reports": times} for suggested, final, times in numbers.pairs]
        return {"whole": _period(numbers.whole), "months": [_period(month) for month in numbers.months], "pairs": pairs}

    return [
        Endpoint("/api/health", "Whether the server answers, and its versions.", health),
        Endpoint("/api/suggest", "The suggestion for a report, as `nlp3d schema suggestion` describes it.", suggest, SuggestBody, {"text": "CT FEMUR ..."}),
        Endpoint("/api/decide", "The rules alone, over facts.", decide, DecideBody, {"facts": [{"procedure": "ct", "technique": "performed"}]}),
        Endpoint("/api/examples", "Invented reports to try the page with.", examples),
        Endpoint("/api/worklist", "The reports of the worklist that a filter leaves.", worklist, FilterBody, {"state": "open"}),
        Endpoint("/api/worklist/report", "One report of the worklist with its answer.", item, ItemBody, {"number": 0}),
        Endpoint(
            "/api/decisions",
            "Record a decision; it is on disk when this is answered. The same key is recorded once.",
            decisions,
            DecisionBody,
            {"key": _KEY, "action": "accept", "reviewer": "A. Coder", "item": {"number": 0}},
        ),
        Endpoint(
            "/api/feedback",
            "Decisions as a CDS Hooks feedback body.",
            feedback,
            FeedbackBody,
            {
                "feedback": [
                    {
                        "card": _KEY,
                        "outcome": "accepted",
                        "extension": {"decision": {"key": _KEY, "action": "accept", "reviewer": "A. Coder", "item": {"number": 0}}},
                    }
                ]
            },
        ),
        Endpoint("/api/agreement", "How suggestions and decisions agree, over time.", agreed),
    ]


def _confirmed(entry: Entry) -> dict[str, Any]:
    return {"seq": entry.seq, "recorded_at": entry.recorded_at, "sha256": entry.sha256, "code": entry.decision["code"]}


def _period(period: Period) -> dict[str, Any]:
    return {**asdict(period), "judged": period.judged, "share": period.share, "interval": list(period.interval)}


def _row(row: Row, entry: Entry | None) -> dict[str, Any]:
    given = asdict(row)
    del given["key"]
    return {**given, "flags": list(row.flags), "state": state_of(entry), "decision": entry.decision["code"] if entry else None}
