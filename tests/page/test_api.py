"""The JSON API: it answers as the library does, holds its own description, and stands any body."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from page_server import HOSTILE, TEXT_77, TEXT_OPEN, Server, Start

import nlp3d
from nlp3d.text import sanitize

SETTINGS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SETTINGS
@given(st.text(st.characters(), max_size=200))
def test_any_text_is_answered_as_the_library_answers_it(server: Server, text: str) -> None:
    raw = json.dumps({"text": text + "\n" + TEXT_77}).encode()  # surrogates escaped, as JSON allows
    answer = server.client.post("/api/suggest", content=raw, headers={"content-type": "application/json"})
    assert answer.status_code == 200
    given_back = answer.json()
    assert given_back.pop("corrected") is None
    assert given_back == json.loads(nlp3d.suggest(sanitize(text + "\n" + TEXT_77).text).to_json())


@SETTINGS
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(), lambda of: st.lists(of) | st.dictionaries(st.text(), of)))
def test_any_json_gets_an_answer_or_a_clear_error(server: Server, body: Any) -> None:
    for path in ("/api/suggest", "/api/decide", "/api/decisions", "/api/worklist", "/api/worklist/report", "/api/feedback"):
        answer = server.client.post(path, content=json.dumps(body).encode(), headers={"content-type": "application/json"})
        assert answer.status_code in (200, 404, 409, 422)
        if answer.status_code != 200:
            assert set(answer.json()["error"]) == {"code", "where", "what", "next"}


def test_the_description_holds(start: Start) -> None:
    server = start()
    described = server.client.get("/api/openapi.json").json()
    schema = schemathesis.openapi.from_dict(described)
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
        @given(operation.as_strategy())
        def check(case: Any) -> None:
            nonlocal tried
            tried += 1
            answer = case.call(base_url=server.base, headers={"X-Nlp3d-Token": server.token})
            assert str(answer.status_code) in case.operation.definition.raw["responses"]
            assert answer.status_code != 500
            assert answer.headers["content-type"][0].startswith("application/json")

        check()
    assert tried > 50


def test_the_examples_of_the_description_work(start: Start) -> None:
    server = start()
    for path, methods in server.client.get("/api/openapi.json").json()["paths"].items():
        for method, operation in methods.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
            answer = server.client.request(method, path, json=body) if body else server.client.request(method, path)
            assert answer.status_code == 200, path


def test_records_carry_all_their_fields(server: Server) -> None:
    body = {"text": TEXT_OPEN, "id": "7", "title": "CTA HEAD", "base": "eligible", "date_of_service": "2026-03-04", "profile": "lenient"}
    expected = nlp3d.suggest(TEXT_OPEN, id="7", title="CTA HEAD", base="eligible", date_of_service="2026-03-04", profile="lenient")
    answer = server.post("/api/suggest", body).json()
    answer.pop("corrected")
    assert answer == json.loads(expected.to_json())


def test_the_rules_alone_answer_as_the_library_does(server: Server) -> None:
    facts = {"procedure": "ct", "technique": "performed", "location": "workstation", "supervision": "personal"}
    answer = server.post("/api/decide", {"facts": [facts], "date_of_service": "2026-03-01"}).json()
    expected = nlp3d.decide(facts, "2026-03-01")
    assert (answer["code"], answer["reason"]) == (expected.code, expected.reason) == ("76377", "supported")
    assert server.post("/api/decide", {"facts": [{**facts, "location": "moon"}]}).json()["error"]["code"] == "facts_unknown"


def test_corrections_stand_beside_the_machines_answer(server: Server) -> None:
    corrections = {"facts": [{"study": 0, "fact": "location", "value": "workstation"}]}
    answer = server.post("/api/suggest", {"text": TEXT_OPEN, "corrections": corrections}).json()
    assert (answer["code"], answer["corrected"]["code"]) == (None, "76377")
    assert answer["studies"][0]["location"] == "undocumented"


def test_filters_and_pages_of_the_worklist(server: Server) -> None:
    whole = server.post("/api/worklist", {}).json()
    assert whole["reports"] == len(HOSTILE) == len(whole["rows"])
    assert [row["id"] for row in server.post("/api/worklist", {"reader": "R1"}).json()["rows"]] == ["crlf", "emoji"]
    assert [row["id"] for row in server.post("/api/worklist", {"month": "2025-12"}).json()["rows"]] == ["combining"]
    assert [row["number"] for row in server.post("/api/worklist", {"after": 3, "limit": 2}).json()["rows"]] == [4, 5]
    assert server.post("/api/worklist/report", {"number": 999}).status_code == 404


def test_without_worklist_and_store_the_api_says_so(start: Start) -> None:
    from nlp3d.web.desk import Desk
    from nlp3d.web.security import Access
    from nlp3d.web.settings import Settings

    desk = Desk(Settings(Access("t")), None)  # type: ignore[arg-type]
    for part, code in ((desk.worklist, "worklist_none"), (desk.store, "store_none")):
        try:
            part()
        except nlp3d.errors.Nlp3dError as problem:  # type: ignore[attr-defined]
            assert problem.code == code
        else:
            raise AssertionError(code)


def test_a_text_that_takes_too_long_ends_alone(start: Start) -> None:
    """One question over the limit costs its own answer; others go on, and the next one is answered."""
    from nlp3d.errors import Nlp3dError
    from nlp3d.record import Record
    from nlp3d.web.answering import Question
    from nlp3d.web.replies import in_short
    from nlp3d.web.work import Worker

    worker = Worker()
    try:
        assert worker.ask(30, in_short, Question(Record(TEXT_77))).code == "76377"
        try:
            worker.ask(0.3, in_short, Question(Record(TEXT_77 + "3D rendering. " * 60_000)))
        except Nlp3dError as problem:
            assert problem.code == "answer_slow"
        else:
            raise AssertionError("no limit")
        assert worker.ask(30, in_short, Question(Record(TEXT_77))).code == "76377"
        worker._process.kill()
        worker._process.join()
        try:
            worker.ask(30, in_short, Question(Record(TEXT_77)))
        except Nlp3dError as problem:
            assert problem.code == "answer_failed"
        assert worker.ask(30, in_short, Question(Record(TEXT_77))).code == "76377"
    finally:
        worker.stop()


def test_many_at_once_get_their_own_answers(server: Server) -> None:
    def one(number: int) -> tuple[str, str]:
        given_back = server.post("/api/suggest", {"text": TEXT_77, "id": str(number)}).json()
        return given_back["id"], given_back["code"]

    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(one, range(60))) == [(str(number), "76377") for number in range(60)]
