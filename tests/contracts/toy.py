"""A toy API of notes and its suite, as small as a suite can be."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from showpad_contracts.core import expect
from showpad_contracts.core.check import check
from showpad_contracts.core.exchange import Exchange
from showpad_contracts.core.rule import read_catalogue
from showpad_contracts.core.violation import WrongList
from showpad_contracts.suite import Cleanup, Suite
from showpad_contracts.targets.probe import probe
from showpad_contracts.targets.reader import Targets
from showpad_contracts.transport.session import Caller, Session

TOKEN = "token-of-the-writer"
RULES = """
NOTE-KEPT = {level = "D", source = "the toy", sentence = "A note reads back as it was written."}
NOTE-LISTED = {level = "A", source = "the toy", sentence = "A new note is in the list."}
"""
CLEANUP = Cleanup(actor="writer", noun="note", collections=("/notes",))


@dataclass
class Notes:
    """The server; its errors are called oops."""

    notes: dict[str, str] = field(default_factory=dict)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        sent, note = json.loads((await receive())["body"] or "{}"), scope["path"].removeprefix("/notes").strip("/")
        known = (b"authorization", f"Bearer {TOKEN}".encode()) in scope["headers"]
        status, answer = self.answer(scope["method"], note, sent) if known else (401, {"oops": "who are you?"})
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(answer).encode()})

    def answer(self, method: str, note: str, sent: Any) -> tuple[int, Any]:
        if method == "POST":
            note = f"n{len(self.notes)}"
            self.notes[note] = sent["text"]
            return 201, {"id": note, **sent}
        if note and note not in self.notes:
            return 404, {"oops": "no such note"}
        if method == "DELETE":
            return 200, {"gone": self.notes.pop(note)}
        listed = [{"id": one, "text": text} for one, text in self.notes.items() if note in ("", one)]
        return 200, listed[0] if note else listed


@dataclass
class NotesClient:
    session: Session
    suite: str = "notes"
    cleanup: Cleanup = CLEANUP

    @property
    def writer(self) -> Caller:
        return Caller(self.session, "writer", self.session.target.token("writer", oauth=False))

    def operation_of(self, method: str, path: str) -> str:
        return f"{method.lower()}-{path.split('/')[1]}"

    def write(self) -> Exchange:
        fields = {"text": (mark := self.session.fresh_mark())}
        self.session.marks.send(mark, fields)
        self.session.ledger.will_create(mark, fields)
        exchange = self.writer.post("/notes", fields)
        self.session.keep(expect.member(expect.answered(exchange, 201), "id"), mark, seen=True)
        return exchange

    def clean_up(self) -> list[str]:
        for note in self.session.kept():
            if self.writer.delete(f"/notes/{note}").status in (200, 404):
                self.session.forget(note)
        return self.session.kept()

    def sweep(self) -> list[str]:
        for note in self.writer.get("/notes").received:
            if (mark := self.session.marks.of(note, ["text"])) is not None:
                self.session.keep(note["id"], mark, seen=True)
        return self.clean_up()


@check("NOTE-KEPT", "NOTE-LISTED", writes=True)
def a_note_is_kept(client: NotesClient) -> None:
    written = client.write()
    note = expect.answered(client.writer.get(f"/notes/{written.received['id']}"), 200)
    expect.equal(note["text"], written.sent["text"], "text of the note")
    listed = client.writer.get("/notes").received
    if note not in listed:
        raise WrongList("the list of notes", expected=note, received=listed, rule="NOTE-LISTED")


def is_of_notes(exchange: Exchange) -> bool:
    return isinstance(exchange.received, list) or exchange.received.keys() == {"oops"}


SUITE = Suite(
    name="notes",
    catalogue=read_catalogue(RULES),
    checks=[a_note_is_kept],
    targets=Targets(roles={"writer": "Who writes the notes."}, prefix="NOTES"),
    client=NotesClient,
    cleanup=CLEANUP,
    probe=lambda session: probe(session, NotesClient(session).writer, "/notes", is_of_notes),
    discovery=lambda session: session.target,
    openapi=lambda: "openapi: 3.1.0",
)
