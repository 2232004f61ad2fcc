"""What generators of clients trip over: the document has it nowhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

import pytest
import yaml

from showpad_mock.settings import SETTINGS

from ...harness.openapi import DOCUMENT, faults, resolved

TEXT = (files("showpad_contracts.showpad") / "openapi.yaml").read_text(encoding="utf-8")

Schema = dict[str, Any]


def schemas(place: str = "#", part: Any = DOCUMENT) -> Iterator[tuple[str, Schema]]:
    """Return every schema in a part of the document, and where it is."""
    if isinstance(part, list):
        for number, one in enumerate(part):
            yield from schemas(f"{place}/{number}", one)
    elif isinstance(part, dict):
        for name, one in part.items():
            here = f"{place}/{name.replace('/', '~1')}"
            if name == "schema":
                yield from _with_parts(here, one)
            elif here == "#/components/schemas":
                yield from _named(here, one)
            elif name not in ("example", "examples", "links"):
                yield from schemas(here, one)


def _with_parts(place: str, schema: Schema) -> Iterator[tuple[str, Schema]]:
    """Return a schema and those that it is made of; conditions (`if`, `then`, `not`) describe nothing by themselves."""
    yield place, schema
    for word in ("allOf", "oneOf", "anyOf"):
        for number, branch in enumerate(schema.get(word, [])):
            yield from _with_parts(f"{place}/{word}/{number}", branch)
    if "items" in schema:
        yield from _with_parts(f"{place}/items", schema["items"])
    yield from _named(f"{place}/properties", schema.get("properties", {}))


def _named(place: str, parts: dict[str, Schema]) -> Iterator[tuple[str, Schema]]:
    for name, schema in parts.items():
        yield from _with_parts(f"{place}/{name}", schema)


def branches(schema: Schema) -> list[Schema]:
    return [branch for word in ("allOf", "oneOf", "anyOf") for branch in schema.get(word, [])]


def members(schema: Schema) -> dict[str, Schema]:
    """Return the properties of a schema, those that it takes over with allOf among them."""
    whole = resolved(schema)
    taken_over = [members(branch) for branch in whole.get("allOf", [])]
    return {name: one for part in [*taken_over, whole.get("properties", {})] for name, one in part.items()}


def has_a_branch_without_a_type(schema: Schema) -> bool:
    """Generators make the whole schema `Any`, or nothing, of it."""
    return not all(branch.keys() & {"$ref", "type", "const", "enum", "allOf", "oneOf"} for branch in branches(schema))


def is_an_array_of_nothing_said(schema: Schema) -> bool:
    return "array" in schema.get("type", []) and "items" not in schema


def requires_a_member_it_has_not(schema: Schema) -> bool:
    conditional = [schema[word] for word in ("then", "else") if word in schema]
    required = {name for part in [schema, *conditional] for name in part.get("required", [])}
    return not required <= members(schema).keys()


def has_a_member_with_a_default(schema: Schema) -> bool:
    """The type that openapi-typescript writes demands such a member, and other clients always send it."""
    return any("default" in resolved(member) for member in schema.get("properties", {}).values())


def has_a_value_without_a_name(schema: Schema) -> bool:
    """A value that is no name in a programming language, `-title`, needs one, or is called VALUE_1."""
    values = schema.get("enum", [])
    return not all(value.isidentifier() for value in values) and len(schema.get("x-enum-varnames", [])) != len(values)


FAULTY: list[tuple[Callable[[Schema], bool], Schema]] = [
    (has_a_branch_without_a_type, {"properties": {"a": {}, "b": {}}, "anyOf": [{"required": ["a"]}, {"type": "null"}]}),
    (is_an_array_of_nothing_said, {"type": ["array", "null"]}),
    (requires_a_member_it_has_not, {"allOf": [{"$ref": "#/components/schemas/Reference"}], "required": ["id", "name"]}),
    (has_a_member_with_a_default, {"properties": {"role": {"$ref": "#/components/schemas/RoleInSpace"}}}),
    (has_a_value_without_a_name, {"enum": ["title", "-title"], "x-enum-varnames": ["TITLE"]}),
]


@pytest.mark.parametrize(("fault", "faulty"), [pytest.param(*one, id=one[0].__name__) for one in FAULTY])
def test_no_schema(fault: Callable[[Schema], bool], faulty: Schema) -> None:
    assert fault(faulty)
    found = dict(schemas())
    assert len(found) > 200
    assert [place for place, schema in found.items() if fault(schema)] == []


def test_no_text_is_cut_off_by_a_comment() -> None:
    lines = TEXT.splitlines()
    scalars = [token for token in yaml.scan(TEXT) if isinstance(token, yaml.ScalarToken) and token.plain]
    after = [lines[token.end_mark.line][token.end_mark.column :] for token in scalars if token.value]
    assert [rest for rest in after if rest.lstrip().startswith("#")] == []


def test_no_text_is_cut_off_by_a_comma() -> None:
    assert list(nulls("#", {name: part for name, part in DOCUMENT.items() if name != "examples"})) == []


def nulls(place: str, part: Any) -> Iterator[str]:
    """Return where null stands, but for examples: `{description: Green, blue}` makes a member `blue` of it."""
    if part is None:
        yield place
    for name, one in part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ():
        if name not in ("example", "examples"):
            yield from nulls(f"{place}/{name}", one)


def test_objects_and_enums_have_names_of_their_own() -> None:
    """Else generators call them after the place where they are found first: ItemsAddedFailedItemsItemReason."""
    named = re.compile(r"#/components/schemas/\w+(/allOf/\d+)?|.*/parameters/\d+/schema")
    found = [place for place, schema in schemas() if schema.keys() & {"properties", "enum"}]
    assert [place for place in found if not named.fullmatch(place)] == []


def test_a_title_or_a_template_is_needed_all_the_same() -> None:
    schema = DOCUMENT["components"]["schemas"]["SharedSpaceCreate"]
    assert faults({}, schema)
    assert not faults({"title": "Acme"}, schema)
    assert not faults({"sharedSpaceTemplate": {"id": "a"}}, schema)


def test_the_mock_is_among_the_servers() -> None:
    host, port = (next(one.default for one in SETTINGS if one.flag == flag) for flag in ("host", "port"))
    urls = [server["url"] for server in DOCUMENT["servers"]]
    assert urls[0] == "https://{subdomain}.api.showpad.com/v4"
    assert f"http://{host}:{port}/v4" in urls
