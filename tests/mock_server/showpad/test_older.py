"""What a log's change sets of an older version mean, of which a server of that version kept some."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from showpad_mock.showpad.domain.plan import RECORD_TYPES
from showpad_mock.state.change_sets import Copies
from showpad_mock.state.store import RecordType
from showpad_mock.state.tenant import Seed
from showpad_mock.state.tenants import Tenants

KEPT: Sequence[RecordType[Any]] = RECORD_TYPES
DATED = {"created_at": 0, "updated_at": 0}
ASSIGNEE = {"id": "assignee", "participant_id": "ann", **DATED}
ACTION = {"id": "action", "title": "Call", "due_at": None, "is_completed": False, "assignees": [ASSIGNEE], **DATED}
MILESTONE = {"id": "milestone", "title": "Begin", "actions": [ACTION], **DATED}
PLAN = {
    "id": "plan",
    "context_type": "SHARED-SPACE",
    "context_id": "space",
    "milestones": [MILESTONE],
    "notifications": [],
    **DATED,
}


def change(*plans: dict[str, Any], **more: Any) -> bytes:
    content = {"begins": None, "deleted": {}, "logs": {}, "position": 0, **more}
    content |= {"clock": {"frozen": None, "offset": 0}, "records": {"plans": plans}}
    return json.dumps({"version": 5, "change": content}, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    ("last", "left"),
    [
        (change({**PLAN, "milestones": [{**MILESTONE, "actions": [{**ACTION, "assignees": []}]}]}), 3),
        (change({**PLAN, "milestones": [{**MILESTONE, "actions": []}]}), 2),
        (change({**PLAN, "milestones": []}), 1),
        (change(deleted={"plans": ["plan"]}), 0),
        (change(PLAN), 4),
    ],
    ids=["an assignee", "an action", "a milestone", "the plan", "nothing"],
)
def test_what_a_plan_of_version_5_no_longer_held_is_gone(last: bytes, left: int) -> None:
    copies = Copies(tenants := Tenants(Seed(), random_seed=0), RECORD_TYPES)
    copies.seeds["seed"] = tenants.seed
    for body in (change(PLAN, begins={"seed": "seed", "stream": "s"}), last):
        copies.apply("acme", body)
    store = tenants.open("acme").store
    assert sum(len([*store.all(one)]) for one in KEPT) == left
