"""Reading, updating and deleting one space (GET-, PATCH-, DELETE-)."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ...core import expect
from ...core.check import check
from ...core.violation import WrongValue
from ...strategies.text import LINES_TO_KEEP, TO_KEEP
from ..assertions import (
    BYSTANDERS,
    INSTANT_SECONDS,
    holds,
    kept_in_every_place,
    not_in_list,
    state,
    strangers,
    unchanged,
)
from ..client import Client
from ..operations import on_a_space
from ..strategies.spaces import (
    BEYOND,
    CHANGES,
    EDGES,
    LONG_DESCRIPTIONS,
    MARKED_TITLES,
    SWITCHES,
    UNKNOWN_IDS,
    UNUSUAL,
    URI_TAILS,
    repeated,
    within,
)

WHO = ("admin", "owner")


@check("GET-OK", writes=True, always={"who": WHO})
def a_space_is_read_as_it_was_created(client: Client, who: str) -> None:
    """GET-OK: 200 and the object, for the administrator and the owner."""
    space = client.space(description="To be read")
    found = expect.answered(client.as_(who).get(f"/shared-spaces/{space['id']}"), 200)
    holds(found, {"id": space["id"], **state(space)}, "the space as read")


@check("GET-404", given={"space_id": UNKNOWN_IDS}, examples=3)
def an_unknown_space_is_not_found(client: Client, space_id: str) -> None:
    """GET-404: also for an administrator."""
    expect.status(client.admin.get(f"/shared-spaces/{space_id}"), 404)


@check("PATCH-OK", writes=True, given={"who": st.sampled_from(WHO), "changes": CHANGES})
def an_update_changes_what_is_sent_and_nothing_else(client: Client, who: str, changes: dict[str, Any]) -> None:
    """PATCH-OK: 200 and the object; archivedAt goes with status, and the other times have rules of their own."""
    space = client.space(**within(client.target, UNUSUAL))
    sent = within(client.target, changes)
    told = expect.answered(client.as_(who).patch(f"/shared-spaces/{space['id']}", sent), 200)
    holds(told, sent, "the updated space")
    moved = {*sent, "archivedAt"} if "status" in sent else set(sent)
    kept = {name: value for name, value in state(space).items() if name not in moved}
    holds(told, kept, "what the update left out")
    holds(client.now(space["id"]), state(told), "the space as read")


@check("PATCH-OK", writes=True, given={"text": MARKED_TITLES}, always={"text": TO_KEEP})
def an_update_keeps_texts_character_by_character(client: Client, text: str) -> None:
    """PATCH-OK: as answered, as read and as listed."""
    sent = {"title": text, "description": text}
    updated = client.owner.patch(f"/shared-spaces/{client.space()['id']}", sent)
    kept_in_every_place(client, expect.answered(updated, 200), sent)


@check("PATCH-OK", writes=True, always={"text": LINES_TO_KEEP})
def an_updated_description_keeps_its_lines(client: Client, text: str) -> None:
    """PATCH-OK: and their ends, blanks and tabs."""
    updated = client.owner.patch(f"/shared-spaces/{client.space()['id']}", {"description": text})
    kept_in_every_place(client, expect.answered(updated, 200), {"description": text})


@check("PATCH-FIELDS", writes=True, always={"value": (True, False)})
def an_update_takes_each_boolean(client: Client, *, value: bool) -> None:
    """PATCH-FIELDS: the five, one at a time, whatever they were before."""
    others = within(client.target, dict.fromkeys(SWITCHES, not value))
    path = f"/shared-spaces/{client.space(**others)['id']}"
    for name, wanted in within(client.target, dict.fromkeys(SWITCHES, value)).items():
        holds(expect.answered(client.owner.patch(path, {name: wanted}), 200), {name: wanted}, "the updated space")


@check("PATCH-FIELDS", writes=True, always={"title": EDGES})
def an_update_takes_a_title_of_1_or_255_characters(client: Client, title: str) -> None:
    """PATCH-FIELDS: the limits of create."""
    updated = client.owner.patch(f"/shared-spaces/{client.space()['id']}", {"title": title})
    holds(expect.answered(updated, 200), {"title": title}, "the updated space")


@check("PATCH-FIELDS", writes=True, always=LONG_DESCRIPTIONS)
def an_update_takes_description_theme_and_status(client: Client, letter: str, length: int) -> None:
    """PATCH-FIELDS: a description of up to 65,535 characters, another theme, either status."""
    path = f"/shared-spaces/{client.space()['id']}"
    description = {"description": repeated(letter, length)}
    theme = within(client.target, {"theme": "other_theme"})
    for change in (description, theme, {"status": "ARCHIVED"}, {"status": "ACTIVE"}):
        holds(expect.answered(client.owner.patch(path, change), 200), change, "the updated space")


@check("PATCH-FIELDS", writes=True, always={"what": tuple(BEYOND)})
def an_update_beyond_the_limits_is_refused(client: Client, what: str) -> None:
    """PATCH-FIELDS: 400 as on create, and what else is sent changes nothing either."""
    space = client.space()
    sent = {"isCommentAllowed": False, **BEYOND[what]}
    expect.status(client.owner.patch(f"/shared-spaces/{space['id']}", sent), 400)
    unchanged(client, space)


@check("PATCH-EMPTY", writes=True)
def an_update_of_nothing_moves_nothing(client: Client) -> None:
    """PATCH-EMPTY: 200, no time moves."""
    space = client.now(client.space()["id"])
    client.session.pause(INSTANT_SECONDS)
    expect.status(client.owner.patch(f"/shared-spaces/{space['id']}", {}), 200)
    expect.equal(client.now(space["id"]), space, "the space after an empty update")


@check("PATCH-ARCHIVE", writes=True, given={"fields": CHANGES}, always={"fields": ({},)}, examples=5)
def archiving_sets_the_time_of_archiving(client: Client, fields: dict[str, Any]) -> None:
    """PATCH-ARCHIVE: with other changes or alone; between what was created before and what is created after it."""
    space = client.space()
    client.add_items(space["id"], [{"type": "folder", "name": "Folder"}])
    changes = {**within(client.target, fields), "status": "ARCHIVED"}
    told = expect.answered(client.owner.patch(f"/shared-spaces/{space['id']}", changes), 200)
    # By the target's own clock: the kit's may be ahead of it or behind.
    later = expect.member(client.space(), "createdAt")
    for shown in (told, client.now(space["id"])):
        expect.equal(expect.member(shown, "status"), "ARCHIVED", "status")
        expect.of_type(expect.member(shown, "archivedAt"), str, "archivedAt")
        if not space["createdAt"] <= shown["archivedAt"] <= later:  # times of one form sort as text
            between = f"between {space['createdAt']} and {later}"
            raise WrongValue("archivedAt", expected=between, received=shown["archivedAt"])


@check("PATCH-ARCHIVE-AGAIN", writes=True)
def archiving_again_keeps_the_time_and_activating_clears_it(client: Client) -> None:
    """PATCH-ARCHIVE-AGAIN: back and forth."""
    path = f"/shared-spaces/{client.space()['id']}"
    first = expect.answered(client.owner.patch(path, {"status": "ARCHIVED"}), 200)
    client.session.pause(INSTANT_SECONDS)
    again = expect.answered(client.owner.patch(path, {"status": "ARCHIVED"}), 200)
    expect.equal(again["archivedAt"], first["archivedAt"], "archivedAt after archiving again")
    active = expect.answered(client.owner.patch(path, {"status": "ACTIVE"}), 200)
    expect.equal(active["archivedAt"], None, "archivedAt of a space that is active again")


@check("PATCH-URI", writes=True, given={"tail": URI_TAILS}, always={"tail": ("", "x")}, examples=5)
def the_public_uri_stays_whatever_is_sent(client: Client, tail: str) -> None:
    """PATCH-URI: refused or ignored, it does not move, nor is it told to."""
    space = client.space()
    other = f"{client.session.fresh_mark()}-{tail}"
    # Alone and beside a change that is sound: a server may look at the one and not at the other.
    for caller, more in ((client.owner, {}), (client.admin, {"title": "Changed"})):
        told = caller.patch(f"/shared-spaces/{space['id']}", {"publicUri": other, **more})
        if told.status == 200:
            uri = expect.member(expect.json_object(told), "publicUri")
            expect.equal(uri, space["publicUri"], "publicUri as an update answers it")
    expect.equal(expect.member(client.now(space["id"]), "publicUri"), space["publicUri"], "publicUri after an update")


@check("PATCH-URI-400", writes=True)
def another_public_uri_is_refused_and_the_same_accepted(client: Client) -> None:
    """PATCH-URI-400: 400, nothing changed."""
    space = client.space()
    path = f"/shared-spaces/{space['id']}"
    expect.status(client.owner.patch(path, {"publicUri": client.session.fresh_mark(), "title": "Changed"}), 400)
    unchanged(client, space)
    expect.status(client.owner.patch(path, {"publicUri": space["publicUri"]}), 200)


@check("PATCH-OWNER", writes=True)
def another_owner_is_refused_and_the_present_accepted(client: Client) -> None:
    """PATCH-OWNER: ownership moves by transfer only; a template is ignored."""
    space = client.space()
    path = f"/shared-spaces/{space['id']}"
    expect.status(client.admin.patch(path, {"owner": {"userId": client.target.user_id("participant")}}), 400)
    expect.status(client.admin.patch(path, {"owner": space["owner"]}), 200)
    expect.status(client.admin.patch(path, {"sharedSpaceTemplate": {"id": "0" * 32}}), 200)
    unchanged(client, space)


@check("PATCH-403", writes=True, given={"fields": CHANGES}, examples=5)
def an_update_by_somebody_else_is_forbidden(client: Client, fields: dict[str, Any]) -> None:
    """PATCH-403: neither administrator nor owner, the owner's manager included; nothing changed."""
    space = client.space()
    for stranger in strangers(client, *BYSTANDERS):
        expect.status(stranger.patch(f"/shared-spaces/{space['id']}", within(client.target, fields)), 403)
    unchanged(client, space)


@check("PATCH-404", writes=True, given={"space_id": UNKNOWN_IDS, "fields": CHANGES}, examples=3)
def an_update_of_an_unknown_space_finds_nothing(client: Client, space_id: str, fields: dict[str, Any]) -> None:
    """PATCH-404: whatever is sent."""
    expect.status(client.admin.patch(f"/shared-spaces/{space_id}", within(client.target, fields)), 404)


@check("DELETE-OK", writes=True, always={"who": WHO})
def a_deletion_has_no_body(client: Client, who: str) -> None:
    """DELETE-OK: 204, for the administrator and the owner."""
    expect.nothing(client.delete(client.space()["id"], by=client.as_(who)))


@check("DELETE-GONE", writes=True, always={"archived": (False, True)})
def a_deleted_space_is_gone_for_every_call(client: Client, *, archived: bool) -> None:
    """DELETE-GONE: active or archived before; it is in no list either."""
    space = client.space()
    if archived:
        client.archive(space["id"], by=client.owner)
    # Either: which of them a deletion is answered with, DELETE-OK says.
    expect.status(client.delete(space["id"]), 200, 204)
    for operation in on_a_space(client, space["id"]).values():
        expect.status(operation.send(client, client.admin), 404)
    not_in_list(client.owner, space["id"])


@check("DELETE-403", writes=True)
def a_deletion_by_somebody_else_is_forbidden(client: Client) -> None:
    """DELETE-403: neither administrator nor owner; the space stays."""
    space = client.space()
    for stranger in strangers(client, *BYSTANDERS):
        expect.status(stranger.delete(f"/shared-spaces/{space['id']}"), 403)
    unchanged(client, space)


@check("DELETE-404", writes=True, given={"space_id": UNKNOWN_IDS}, examples=3)
def a_deletion_of_an_unknown_space_finds_nothing(client: Client, space_id: str) -> None:
    """DELETE-404: also for an administrator."""
    expect.status(client.admin.delete(f"/shared-spaces/{space_id}"), 404)
