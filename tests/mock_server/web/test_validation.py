"""Finding what is wrong in a value: all of it as far as is told, and little work beyond that, counted."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired, Union

import pytest
from pydantic import AfterValidator, BeforeValidator, Discriminator, Field
from typing_extensions import TypedDict

from showpad_mock.core.refusals import FieldError, Problem
from showpad_mock.web.validation import ERRORS_TOLD, LARGE, NAMES_TOLD, Findings, Validator, path_of, reason_of, refusal

MANY = 10_000
read_marks: list[object] = []


def noted(mark: object) -> object:
    read_marks.append(mark)
    return mark


class Leaf(TypedDict):
    kind: Literal["leaf"]
    size: Annotated[int, BeforeValidator(noted), Field(ge=1)]


class Branch(TypedDict):
    kind: Literal["branch"]
    parts: list[Part]


Part = Annotated[Union[Leaf, Branch], Discriminator("kind")]  # noqa: UP007


class Tree(TypedDict):
    parts: Annotated[list[Part], Field(min_length=1)]
    owner: NotRequired[Leaf]


TREE: Validator[Tree] = Validator(Tree)


@pytest.fixture(autouse=True)
def _no_marks() -> None:
    read_marks.clear()


def leaf(size: Any = 1, **more: Any) -> dict[str, Any]:
    return {"kind": "leaf", "size": size, **more}


def branch(*parts: Any) -> dict[str, Any]:
    return {"kind": "branch", "parts": list(parts)}


def found_in(given: object, *, size: int = 0) -> Findings:
    found = TREE.read(given, size=size)
    assert isinstance(found, Findings)
    return found


def paths(found: Findings) -> list[str]:
    return [path_of(error["loc"], ("leaf", "branch")) for error in found.errors]


def test_what_is_right_is_the_value() -> None:
    given = {"parts": [leaf(), branch(leaf(2))]}
    assert TREE.read(given) == given


@pytest.mark.parametrize("faulty", [1, 2, ERRORS_TOLD - 1, ERRORS_TOLD])
def test_as_many_errors_as_are_told_are_all_there_are(faulty: int) -> None:
    found = found_in({"parts": [leaf(0)] * faulty})
    assert (len(found.errors), found.are_more) == (faulty, False)


@pytest.mark.parametrize("faulty", [ERRORS_TOLD + 1, ERRORS_TOLD + NAMES_TOLD, ERRORS_TOLD + NAMES_TOLD + 1, MANY])
def test_beyond_them_it_is_told_that_there_may_be_others(faulty: int) -> None:
    found = found_in({"parts": [leaf(0)] * faulty})
    assert (len(found.errors), found.are_more) == (ERRORS_TOLD, True)


@pytest.mark.parametrize("depth", [1, 10, 40])
def test_errors_in_lists_within_lists_are_counted_once(depth: int) -> None:
    part = branch(*[leaf(0)] * (ERRORS_TOLD // 2))
    for _ in range(depth):
        part = branch(part)
    found = found_in({"parts": [part, part]})
    assert (len(found.errors), found.are_more) == (ERRORS_TOLD, False)


@pytest.mark.parametrize("size", [0, LARGE])
def test_items_beyond_the_last_error_that_is_told_are_not_read(size: int) -> None:
    found_in({"parts": [leaf(0)] * MANY}, size=size)
    assert len(read_marks) <= 1 + ERRORS_TOLD + NAMES_TOLD


def test_items_deep_in_others_are_not_read_either() -> None:
    found_in({"parts": [branch(branch(*[leaf(0)] * MANY)) for _ in range(3)]})
    assert len(read_marks) <= 1 + ERRORS_TOLD + NAMES_TOLD


@pytest.mark.parametrize("size", [0, LARGE])
def test_good_items_are_read_once(size: int) -> None:
    TREE.read({"parts": [leaf()] * MANY}, size=size)
    assert len(read_marks) == MANY


@pytest.mark.parametrize("size", [0, LARGE])
def test_a_fault_behind_many_good_items_is_found(size: int) -> None:
    found = found_in({"parts": [*[leaf()] * MANY, leaf(0)]}, size=size)
    assert paths(found) == [f"parts[{MANY}].size"]
    assert len(read_marks) <= 2 * (MANY + 1)


@pytest.mark.parametrize("size", [0, LARGE])
def test_unknown_members_are_named_as_far_as_is_told_and_counted_beyond(size: int) -> None:
    found = found_in({"parts": [leaf()], **{f"x{number}": 1 for number in range(MANY)}}, size=size)
    assert [path_of(place) for place in found.unknown] == [f"x{number}" for number in range(NAMES_TOLD)]
    assert (found.errors, found.are_more, found.more_unknown) == ([], False, MANY - NAMES_TOLD)


@pytest.mark.parametrize("size", [0, LARGE])
def test_unknown_members_leave_room_for_the_errors(size: int) -> None:
    found = found_in({"parts": [*[leaf(colour="red")] * MANY, *[leaf(0)] * ERRORS_TOLD]}, size=size)
    assert paths(found) == [f"parts[{MANY + number}].size" for number in range(ERRORS_TOLD)]
    assert (len(found.unknown), found.more_unknown) == (NAMES_TOLD, MANY - NAMES_TOLD)


@pytest.mark.parametrize("size", [0, LARGE])
def test_unknown_members_are_left_out_of_the_value(size: int) -> None:
    given = {"parts": [leaf(colour="red")], "owner": leaf(colour="red"), "x": 1}
    assert len(found_in(given, size=size).unknown) == 3
    assert TREE.read_known(given) == {"parts": [leaf()], "owner": leaf()}


def test_a_large_value_that_is_read_as_another_one_is_no_finding() -> None:
    half: Validator[list[float]] = Validator(list[Annotated[float, AfterValidator(lambda number: number / 2)]])
    assert half.read([1.0, 2.0], size=LARGE) == [0.5, 1.0]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([], "Input should be an object"),
        ({"parts": {}}, "Input should be a valid array"),
        ({"parts": [None]}, "Input should be an object"),
        ({"parts": [leaf("1")]}, "Input should be a valid integer"),
    ],
)
def test_what_is_wrong_is_told_in_the_words_of_json(given: object, told: str) -> None:
    [error] = found_in(given).errors
    assert reason_of(error) == told


def test_a_place_is_shown_as_users_write_it_and_never_long() -> None:
    assert path_of(("items", 2, "folder", "folderItems", 0, "id"), ("folder",)) == "items[2].folderItems[0].id"
    assert len(path_of(("x" * 10**6,))) < 200
    assert len(path_of(("x" * 99,) * 100)) < 1100
    assert path_of(("\ud800",)) == "\\ud800"


PROBLEM = Problem("", 400, "/errors/bad-request", "Bad Request", "")


def test_a_refusal_tells_whether_it_tells_all() -> None:
    faults = [FieldError(f"x[{number}]", "Field required", "propertyRequired") for number in range(3)]
    assert refusal(PROBLEM, faults[:1]).detail == "x[0]: Field required"
    assert refusal(PROBLEM, faults, within="body").detail == "body.x[0]: Field required (meta tells 2 more)"
    cut = refusal(PROBLEM, faults, are_more=True)
    assert cut.detail == "x[0]: Field required (meta tells 2 more; there may be others, no more than 3 are told)"


def test_the_names_of_a_type_are_those_at_every_depth() -> None:
    assert set(TREE.names()) == {"parts", "owner", "kind", "size"}
