"""A vendor as small as one can be: notes, kept by whoever has a key; errors of its own form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.routing import Route

from showpad_mock.core.refusals import Problem, Refusal
from showpad_mock.state.base import Base
from showpad_mock.state.record import record
from showpad_mock.state.store import RecordType
from showpad_mock.state.tenant import Seed, Tenant
from showpad_mock.state.tenants import Tenants
from showpad_mock.state.unit import Unit
from showpad_mock.web.call import Call
from showpad_mock.web.render import Answer, Occurrence, json_answer
from showpad_mock.web.vendor import AdminOperation, SeedSource, Vendor


@record
class Note:
    id: str
    text: str


NOTES = RecordType("notes", Note, key=lambda note: note.id)
NO_KEY = Problem("NOTES-KEY", 401, "no-key", "No key", "A key is needed.")
NO_NOTE = Problem("NOTES-UNKNOWN", 404, "no-note", "No note", "There is no note {id}.")


def read_seed(source: SeedSource) -> Seed:
    return Seed(Base({NOTES: [Note(id="first", text=str(source))]}), subdomain="toy")


def authenticate(call: Call, tenants: Tenants) -> None:
    key = call.header(b"x-key")
    if key is None:
        raise NO_KEY.error()
    call.tenant, call.user, call.caller = tenants.open(key), key, key


def show(call: Call) -> Answer:
    note = call.unit.store.get(NOTES, call.params["id"])
    if note is None:
        raise NO_NOTE.error(id=call.params["id"])
    call.unit.decide("NOTES-SHOWN")
    return json_answer({"id": note.id, "text": note.text})


def write(call: Call) -> Answer:
    call.unit.put(NOTES, Note(id=call.unit.ids.hex32(), text=json.loads(call.body)["text"]))
    call.unit.decide("NOTES-WRITTEN")
    return json_answer({"notes": len(list(call.unit.store.all(NOTES)))}, 201)


def wipe(unit: Unit, _: Mapping[str, str]) -> dict[str, Any]:
    notes = list(unit.store.all(NOTES))
    for note in notes:
        unit.delete(NOTES, note.id)
    return {"wiped": len(notes)}


def sessions(tenant: Tenant) -> list[dict[str, str]]:
    return [{"user": tenant.name, "apiToken": tenant.name}]


def problem(refusal: Refusal, _: Occurrence) -> Answer:
    return json_answer({"oops": refusal.detail}, refusal.problem.status)


TOY = Vendor(
    name="toy",
    base_path="/toy",
    routes=(
        Route("/toy/notes", write, methods=["POST"], name="note-write"),
        Route("/toy/notes/{id}", show, methods=["GET"], name="note-show"),
    ),
    levels={"NOTES-SHOWN": "D", "NOTES-WRITTEN": "D", "NOTES-KEY": "D", "NOTES-UNKNOWN": "A"},
    record_types=(NOTES,),
    read_seed=read_seed,
    tenant_of=lambda call, _: call.header(b"x-key"),
    authenticate=authenticate,
    sessions=sessions,
    problem=problem,
    admin_operations=(AdminOperation("POST", "/notes/wipe", "Wipe the notes", wipe),),
)
