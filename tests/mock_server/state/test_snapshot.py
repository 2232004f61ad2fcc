"""Snapshots as documents: what they hold, and every way in which something is none."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, NamedTuple

import pytest

from showpad_mock.core.clock import Clock
from showpad_mock.core.refusals import Refusal
from showpad_mock.state.base import Base
from showpad_mock.state.documents import SNAPSHOT_VERSION, SnapshotError
from showpad_mock.state.snapshot import restore, restored_all, take
from showpad_mock.state.store import RecordType, Store
from showpad_mock.state.tenant import LOG_CAP, Log, Seed
from showpad_mock.state.tenants import Tenants


class Colour(StrEnum):
    RED = "RED"
    BLUE = "BLUE"


class Spot(NamedTuple):
    x: int
    label: str | None


@dataclass(frozen=True, slots=True)
class Leg:
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Beetle:
    id: str
    colour: Colour
    spots: tuple[Spot, ...]
    front: Leg | None
    nickname: str | None = None


@dataclass(frozen=True, slots=True)
class Box:
    id: str


def _needs_a_box(store: Store) -> list[str]:
    return [] if store.get(BOXES, "x") is not None else ["a box is needed"]


BEETLES = RecordType("beetles", Beetle, key=lambda one: one.id, unique={"nickname": lambda one: one.nickname})
BOXES = RecordType("boxes", Box, key=lambda one: one.id, inconsistencies=_needs_a_box)
KINDS = (BEETLES, BOXES)

ADA = Beetle(id="a", colour=Colour.RED, spots=(Spot(1, "left"), Spot(2, None)), front=Leg(3), nickname="Ada")
BEA = Beetle(id="b", colour=Colour.BLUE, spots=(), front=None)


@pytest.fixture
def tenants() -> Tenants:
    return Tenants(Seed(Base({BEETLES: [ADA, BEA], BOXES: [Box("x")]}), clock=Clock(frozen=1000)), random_seed=7)


class Message:
    """Something that happened."""

    def shown(self) -> dict[str, Any]:
        return {"to": ["you"], "n": None}


def test_a_document_is_the_same_in_pieces_of_any_size(tenants: Tenants, monkeypatch: pytest.MonkeyPatch) -> None:
    with tenants.transaction("acme") as unit:
        for _ in range(3):
            unit.record("outbox", Message())
    whole = take(tenants.open("acme"), KINDS)
    monkeypatch.setattr("showpad_mock.state.snapshot.RECORDS_AT_ONCE", 1)
    monkeypatch.setattr("showpad_mock.state.snapshot.ENTRIES_AT_ONCE", 1)
    assert take(tenants.open("acme"), KINDS) == whole
    assert len(json.loads(whole)["tenant"]["logs"]["outbox"]["entries"]) == 3


def write(tenants: Tenants, name: str = "acme") -> None:
    """Give a tenant a record of its own, log entries, and drawn ids."""
    tenant = tenants.open(name)
    with tenants.transaction(tenant.name) as unit:
        unit.put(BEETLES, Beetle(id="c", colour=Colour.RED, spots=(), front=None, nickname=unit.ids.hex32()))
        unit.delete(BEETLES, "b")
        unit.record("outbox", Message())
    tenant.problem_ids.uuid()


def changed(tenants: Tenants, change: Callable[[Any], object]) -> bytes:
    """The snapshot of a written tenant with a change in it."""
    write(tenants)
    document = json.loads(take(tenants.open("acme"), KINDS))
    change(document)
    return json.dumps(document).encode()


def records_of(tenants: Tenants, name: str) -> list[Beetle]:
    return list(tenants.open(name).store.all(BEETLES))


def test_records_come_back_as_they_were(tenants: Tenants) -> None:
    restored = restore(tenants, "other", take(tenants.open("acme"), KINDS), KINDS)
    assert list(restored.store.all(BEETLES)) == [ADA, BEA]
    ada = restored.store.get(BEETLES, "a")
    assert ada is not None
    assert isinstance(ada.colour, Colour)
    assert isinstance(ada.spots[0], Spot)
    assert isinstance(ada.front, Leg)


def test_a_snapshot_of_a_restored_tenant_is_the_same_snapshot(tenants: Tenants) -> None:
    write(tenants)
    snapshot = take(tenants.open("acme"), KINDS)
    assert take(restore(tenants, "acme", snapshot, KINDS), KINDS) == snapshot


def test_a_snapshot_needs_no_seed_data(tenants: Tenants) -> None:
    empty = Tenants(Seed(), random_seed=0)
    restored = restore(empty, "acme", take(tenants.open("acme"), KINDS), KINDS)
    assert restored.store.find(BEETLES, "nickname", "Ada") == ADA


def test_both_streams_go_on_where_they_were(tenants: Tenants) -> None:
    write(tenants)
    before = tenants.open("acme")
    after = restore(tenants, "other", take(before, KINDS), KINDS)
    assert after.ids.hex32() == before.ids.hex32()
    assert after.problem_ids.uuid() == before.problem_ids.uuid()


def test_a_stream_that_was_never_drawn_from_is_that_of_the_tenant_it_was_taken_of(tenants: Tenants) -> None:
    after = restore(tenants, "other", take(tenants.open("acme"), KINDS), KINDS)
    assert after.ids.hex32() == tenants.open("acme").ids.hex32()


@pytest.mark.parametrize(("frozen", "offset"), [(5, 0), (None, -1500), (None, 0)])
def test_the_clock_comes_back(tenants: Tenants, frozen: int | None, offset: int) -> None:
    tenant = tenants.open("acme")
    tenant.clock = Clock(frozen, offset)
    clock = restore(tenants, "other", take(tenant, KINDS), KINDS).clock
    assert (clock.frozen, clock.offset) == (frozen, offset)


def test_the_logs_come_back_with_what_they_dropped(tenants: Tenants) -> None:
    tenants.open("acme").logs["outbox"] = Log([{"n": 1}], 41)
    log = restore(tenants, "other", take(tenants.open("acme"), KINDS), KINDS).log("outbox")
    assert (log.read(), log.dropped) == ([{"n": 1}], 41)


def test_restoring_opens_nothing_by_itself(tenants: Tenants) -> None:
    restore(tenants, "other", take(tenants.fresh("acme"), KINDS), KINDS)
    assert tenants.opened() == []


def all_of(tenants: Tenants) -> Any:
    """The document of all tenants that `serve --state` once wrote."""
    documents = [json.loads(take(tenant, KINDS)) for tenant in tenants.opened() if tenant.written]
    return {"version": SNAPSHOT_VERSION, "tenants": [document["tenant"] for document in documents]}


def test_all_tenants_come_back(tenants: Tenants) -> None:
    write(tenants, "a")
    write(tenants, "b")
    document = all_of(tenants)
    other = Tenants(tenants.seed, random_seed=0)
    for tenant in restored_all(other, json.dumps(document).encode(), KINDS):
        other.replace(tenant)
    assert all_of(other) == document


def test_of_several_tenants_all_are_restored_or_none(tenants: Tenants) -> None:
    write(tenants, "a")
    write(tenants, "b")
    document = all_of(tenants)
    document["tenants"][1]["records"]["beetles"][0]["colour"] = "GREEN"
    with pytest.raises(SnapshotError, match=r"^tenants\[1\]\.records\.beetles\[0\]\.colour: Input should be 'RED'"):
        restored_all(tenants, json.dumps(document).encode(), KINDS)


def test_no_tenant_may_be_there_twice(tenants: Tenants) -> None:
    write(tenants)
    document = all_of(tenants)
    document["tenants"] *= 2
    with pytest.raises(SnapshotError, match=r'^tenants\[1\]: the name "acme" is used twice'):
        restored_all(tenants, json.dumps(document).encode(), KINDS)


def test_a_restored_tenant_beyond_the_cap_is_refused(tenants: Tenants) -> None:
    small = Tenants(tenants.seed, random_seed=0, written_cap=0)
    with pytest.raises(Refusal, match="0 tenants have been written to"):
        small.replace(restore(small, "acme", take(tenants.open("acme"), KINDS), KINDS))
    assert small.opened() == []


def test_one_tenants_snapshot_is_not_all_tenants(tenants: Tenants) -> None:
    with pytest.raises(SnapshotError, match=r"^tenants: Field required"):
        restored_all(tenants, take(tenants.open("acme"), KINDS), KINDS)


def old_chance() -> dict[str, Any]:
    """What version 3 kept of chance: the state of a Mersenne Twister."""
    state = [3, [1] * 624 + [624], None]
    return {"ids": state, "problem_ids": state}


@pytest.mark.parametrize("version", [2, 3])
def test_a_snapshot_of_an_older_version_comes_back_with_a_stream_of_its_own(tenants: Tenants, version: int) -> None:
    document = changed(tenants, lambda it: (it.update(version=version), TENANT(it).update(chance=old_chance())))
    restored = restore(tenants, "acme", document, KINDS)
    assert list(restored.store.all(BEETLES)) == records_of(tenants, "acme")
    assert restored.ids.hex32() not in [tenants.fresh(name).ids.hex32() for name in ("acme", "other")]


def test_a_snapshot_of_version_4_goes_on_in_its_stream_without_the_types_that_it_had_not(tenants: Tenants) -> None:
    document = changed(tenants, lambda it: (it.update(version=4), RECORDS(it).pop("beetles")))
    restored = restore(tenants, "acme", document, KINDS)
    assert list(restored.store.all(BEETLES)) == []
    assert restored.ids.hex32() == tenants.open("acme").ids.hex32()


def test_a_record_type_fills_in_what_an_older_version_lacks(tenants: Tenants) -> None:
    def upgrade(record: dict[str, Any], version: int, records: Mapping[str, Any]) -> None:
        if version < 3:
            record["nickname"] = f"{len(records['beetles'])} of version {version}"

    beetles = replace(BEETLES, upgrade=upgrade)

    def older(document: Any) -> None:
        document.update(version=2)
        TENANT(document).update(chance=old_chance())
        RECORDS(document).update(beetles=[ADAS(document)])
        del ADAS(document)["nickname"]

    restored = restore(tenants, "acme", changed(tenants, older), (beetles, BOXES))
    assert [beetle.nickname for beetle in restored.store.all(beetles)] == ["1 of version 2"]


@pytest.mark.parametrize(
    "damage", [{"tenant": []}, {"tenant": {"records": []}}, {"tenant": {"records": {"boxes": [1]}}}]
)
def test_an_older_snapshot_that_is_none_is_told_where_and_why(tenants: Tenants, damage: dict[str, Any]) -> None:
    with pytest.raises(SnapshotError, match=r"^tenant[:.]"):
        restore(tenants, "acme", json.dumps({"version": 3, **damage}).encode(), KINDS)


def part(*path: str | int) -> Callable[[Any], Any]:
    def give(document: Any) -> Any:
        for step in path:
            document = document[step]
        return document

    return give


TENANT = part("tenant")
RECORDS = part("tenant", "records")
ADAS = part("tenant", "records", "beetles", 0)
IDS = part("tenant", "chance", "ids")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda it: it.update(version=7), "version: must be one of 2 to 6, which this server reads"),
        (lambda it: it.update(version=1), "version: must be one of 2 to 6, which this server reads"),
        (lambda it: it.update(version="1"), "version: Input should be a valid integer"),
        (lambda it: it.update(version=True), "version: Input should be a valid integer"),
        (lambda it: it.pop("version"), "version: Field required"),
        (lambda it: it.update(more=1), "more: Extra inputs are not permitted"),
        (lambda it: it.update(tenant=[]), "tenant: Input should be an object"),
        (lambda it: TENANT(it).update(name="A b"), "tenant.name: String should match pattern"),
        (lambda it: TENANT(it).update(name="a\n"), "tenant.name: String should match pattern"),
        (lambda it: TENANT(it).pop("clock"), "tenant.clock: Field required"),
        (lambda it: TENANT(it)["clock"].update(frozen=1.5), "tenant.clock.frozen: Input should be a valid integer"),
        (lambda it: TENANT(it)["clock"].update(frozen=10**15), "tenant.clock.frozen: Input should be less than"),
        (lambda it: TENANT(it)["clock"].update(offset=10**14), "tenant.clock.offset: Input should be less than"),
        (lambda it: TENANT(it)["chance"].pop("problem_ids"), "tenant.chance.problem_ids: Field required"),
        (lambda it: IDS(it).update(position=-1), "tenant.chance.ids.position: Input should be greater"),
        (lambda it: IDS(it).update(position=2**54), "tenant.chance.ids.position: Input should be less than"),
        (lambda it: IDS(it).update(stream=7), "tenant.chance.ids.stream: Input should be a valid string"),
        (lambda it: IDS(it).update(stream="x" * 201), "tenant.chance.ids.stream: String should have at most 200"),
        (lambda it: IDS(it).update(more=1), "tenant.chance.ids.more: Extra inputs are not permitted"),
        (lambda it: TENANT(it)["logs"]["outbox"].pop("dropped"), "tenant.logs.outbox.dropped: Field required"),
        (lambda it: TENANT(it)["logs"]["outbox"].update(entries=["x"]), "tenant.logs.outbox.entries[0]: Input should"),
        (
            lambda it: TENANT(it)["logs"]["outbox"].update(entries=[{}] * (LOG_CAP + 1)),
            "tenant.logs.outbox.entries: List should have at most 1000 items",
        ),
        (
            lambda it: TENANT(it)["logs"]["outbox"].update(entries=[{"n": float("nan")}]),
            "the document: Invalid JSON",
        ),
        (lambda it: RECORDS(it).update(ants=[]), "tenant.records.ants: Extra inputs are not permitted"),
        (lambda it: RECORDS(it).pop("beetles"), "tenant.records.beetles: Field required"),
        (lambda it: RECORDS(it).update(beetles={}), "tenant.records.beetles: Input should be a valid array"),
        (lambda it: RECORDS(it).update(boxes=[]), "tenant.records.boxes: a box is needed"),
        (lambda it: ADAS(it).pop("id"), "tenant.records.beetles[0].id: Field required"),
        (lambda it: ADAS(it).pop("nickname"), "tenant.records.beetles[0].nickname: Field required"),
        (lambda it: ADAS(it).update(wings=2), "tenant.records.beetles[0].wings: Unexpected keyword argument"),
        (lambda it: ADAS(it).update(id=1), "tenant.records.beetles[0].id: Input should be a valid string"),
        (lambda it: ADAS(it).update(id=None), "tenant.records.beetles[0].id: Input should be a valid string"),
        (lambda it: ADAS(it)["front"].update(length=10**15), "tenant.records.beetles[0].front.length: Input should be"),
        (lambda it: ADAS(it)["spots"][0].append(1), "tenant.records.beetles[0].spots[0]"),
        (lambda it: ADAS(it).update(id="c"), 'tenant.records.beetles[1]: the key "c" is used twice'),
        (
            lambda it: RECORDS(it)["beetles"][1].update(nickname="Ada"),
            'tenant.records.beetles[1]: the nickname "Ada" is used twice',
        ),
    ],
)
def test_what_is_no_snapshot_is_told_where_and_why(
    tenants: Tenants, change: Callable[[Any], object], told: str
) -> None:
    document = changed(tenants, change)
    before = all_of(tenants)
    with pytest.raises(SnapshotError) as raised:
        restore(tenants, "acme", document, KINDS)
    assert str(raised.value).startswith(told)
    assert all_of(tenants) == before


def test_several_faults_are_counted(tenants: Tenants) -> None:
    document = changed(tenants, lambda it: RECORDS(it).clear())
    with pytest.raises(SnapshotError, match=r"^tenant.records.beetles: Field required \(1 more\)$"):
        restore(tenants, "acme", document, KINDS)


@pytest.mark.parametrize("document", [b"", b"{", b"\xff", b"[" * 1000, b"\xef\xbb\xbf{}", b'{"version": NaN}'])
def test_what_is_no_json_is_told_so(tenants: Tenants, document: bytes) -> None:
    with pytest.raises(SnapshotError, match=r"^the document: Invalid JSON: "):
        restore(tenants, "acme", document, KINDS)


@pytest.mark.parametrize("document", [b"[]", b"null", b"1"])
def test_what_is_no_object_is_told_so(tenants: Tenants, document: bytes) -> None:
    with pytest.raises(SnapshotError, match=r"^the document: Input should be an object"):
        restore(tenants, "acme", document, KINDS)


def test_a_text_may_speak_of_infinity(tenants: Tenants) -> None:
    document = changed(tenants, lambda it: ADAS(it).update(nickname="Infinity"))
    assert restore(tenants, "acme", document, KINDS).store.find(BEETLES, "nickname", "Infinity") is not None


def test_a_deleted_record_does_not_come_back(tenants: Tenants) -> None:
    write(tenants)
    tenants.replace(restore(tenants, "acme", take(tenants.open("acme"), KINDS), KINDS))
    assert [beetle.id for beetle in records_of(tenants, "acme")] == ["a", "c"]
