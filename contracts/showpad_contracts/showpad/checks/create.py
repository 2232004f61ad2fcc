"""Creating spaces: what comes about, who may own it, which defaults and which template it takes (CREATE-)."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ...core import expect
from ...core.check import check
from ...core.exchange import Exchange
from ...core.violation import TargetLacks, WrongValue
from ...strategies.text import LINES_TO_KEEP, TO_KEEP
from ...transport.session import Caller
from ..assertions import holds, kept_in_every_place, nothing_created, refused_somehow, with_each_token
from ..client import Client
from ..operations import NO_ID
from ..strategies.spaces import (
    ALL_CHOICES,
    CHOICES,
    CREATES,
    MARKED_TITLES,
    UNKNOWN_IDS,
    UNKNOWN_TEMPLATE_IDS,
    UNUSUAL,
    within,
)

GUIDE_DEFAULTS = {"isExternalDownloadAllowed": True, "isExternalInviteAllowed": True, "status": "ACTIVE"}
FURTHER_DEFAULTS = {"isExternalUploadAllowed": False, "isCommentAllowed": True, "isSearchAIAllowed": True}
UPLOAD = {"isExternalUploadAllowed": True}


@check("CREATE-OK", writes=True, given={"fields": CREATES})
def a_create_is_answered_with_the_space_as_asked(client: Client, fields: dict[str, Any]) -> None:
    """CREATE-OK: 201, and what was sent is what the space has, then and later."""
    body = client.new_space(**within(client.target, fields))
    created = expect.answered(client.create(body), 201)
    found = client.now(expect.member(created, "id"))
    holds(created, body, "the space as created")
    holds(found, body, "the space as read")


@check("CREATE-OK", writes=True)
def every_field_of_a_create_counts(client: Client) -> None:
    """CREATE-OK: each is given another value than its default."""
    fields = within(client.target, UNUSUAL)
    holds(client.now(client.created(**fields)["id"]), fields, "the space as read")


@check("CREATE-OK", writes=True, given={"text": MARKED_TITLES}, always={"text": TO_KEEP})
def texts_are_kept_character_by_character(client: Client, text: str) -> None:
    """CREATE-OK: nothing is escaped, trimmed, folded or normalised: as answered, as read and as listed."""
    created = client.created(title=text, description=text)
    kept_in_every_place(client, created, {"title": text, "description": text})


@check("CREATE-OK", writes=True, always={"text": LINES_TO_KEEP})
def a_description_keeps_its_lines(client: Client, text: str) -> None:
    """CREATE-OK: and their ends, blanks and tabs."""
    kept_in_every_place(client, client.created(description=text), {"description": text})


@check("CREATE-OWNER-REQUIRED", writes=True)
def an_integration_has_to_name_an_owner(client: Client) -> None:
    """CREATE-OWNER-REQUIRED: with an API token, the administrator's or the owner's."""
    for caller in (client.admin, client.owner):
        body = client.new_space(owner=None)
        expect.status(client.create(body, by=caller), 400)
        nothing_created(client, "publicUri", body["publicUri"])


@check("CREATE-OWNER-DEFAULT", writes=True, given={"fields": CREATES}, examples=5)
def who_creates_in_person_becomes_the_owner(client: Client, fields: dict[str, Any]) -> None:
    """CREATE-OWNER-DEFAULT: with an OAuth token and no owner in the request."""
    body = client.new_space(owner=None, **within(client.target, fields))
    space = expect.answered(client.create(body, by=client.as_("owner", oauth=True)), 201)
    expect.equal(expect.member(space, "owner.userId"), client.target.user_id("owner"), "owner.userId")
    expect.equal(client.now(space["id"])["owner"], space["owner"], "the owner as read")


@check("CREATE-OWNER-ADMIN", writes=True)
def an_administrator_names_another_owner(client: Client) -> None:
    """CREATE-OWNER-ADMIN: as an integration and in person."""
    owner = client.target.user_id("owner")
    for caller in with_each_token(client, "admin"):
        space = client.created(by=caller)
        expect.equal(expect.member(space, "owner.userId"), owner, "owner.userId")


def _for_somebody_else(client: Client) -> list[tuple[Caller, dict[str, Any]]]:
    other = {"userId": client.target.user_id("participant")}
    return [(caller, client.new_space(owner=other)) for caller in with_each_token(client, "owner")]


@check("CREATE-OWNER-ADMIN", writes=True)
def nobody_else_names_another_owner(client: Client) -> None:
    """CREATE-OWNER-ADMIN: a plain user creates no space for a colleague."""
    for caller, body in _for_somebody_else(client):
        refused_somehow(client.create(body, by=caller))
        nothing_created(client, "publicUri", body["publicUri"])


@check("CREATE-OWNER-ADMIN-403", writes=True)
def naming_another_owner_is_forbidden(client: Client) -> None:
    """CREATE-OWNER-ADMIN-403: the code of that refusal."""
    for caller, body in _for_somebody_else(client):
        expect.status(client.create(body, by=caller), 403)


def _refused_owner(client: Client, user: str) -> str:
    body = client.new_space(owner={"userId": user})
    problem = expect.refused(client.create(body), 400)
    nothing_created(client, "publicUri", body["publicUri"])
    detail: str = expect.member(problem, "detail")
    return detail


def _refused_in_their_own_words(client: Client, user: str, others: dict[str, str]) -> None:
    detail = _refused_owner(client, user)
    for what, other in others.items():
        if _refused_owner(client, other) == detail:
            raise WrongValue("detail of the refusal", expected=f"another than that for {what}", received=detail)


def _offered(client: Client, *names: str) -> dict[str, str]:
    return {name.replace("_", " "): client.target.offers[name] for name in names if name in client.target.offers}


@check("CREATE-OWNER-UNKNOWN", writes=True, given={"user": UNKNOWN_IDS}, examples=3)
def an_unknown_owner_is_refused(client: Client, user: str) -> None:
    """CREATE-OWNER-UNKNOWN: 400, nothing created."""
    _refused_owner(client, user)


@check("CREATE-OWNER-DEACTIVATED", writes=True)
def a_deactivated_owner_is_refused_in_words_of_its_own(client: Client) -> None:
    """CREATE-OWNER-DEACTIVATED: 400, told apart from an unknown owner."""
    _refused_in_their_own_words(client, client.target.offer("deactivated_user"), {"an unknown user": NO_ID})


@check("CREATE-OWNER-UNLICENSED", writes=True)
def an_unlicensed_owner_is_refused_in_words_of_its_own(client: Client) -> None:
    """CREATE-OWNER-UNLICENSED: 400, told apart from an unknown and from a deactivated owner."""
    others = {"an unknown user": NO_ID, **_offered(client, "deactivated_user")}
    _refused_in_their_own_words(client, client.target.offer("unlicensed_user"), others)


@check("CREATE-DEFAULTS", writes=True, given={"choices": CHOICES}, always={"choices": ALL_CHOICES})
def a_space_allows_download_and_invitation_unless_told(client: Client, choices: dict[str, Any]) -> None:
    """CREATE-DEFAULTS: and is ACTIVE; what is told is kept."""
    _has_defaults(client, within(client.target, choices), GUIDE_DEFAULTS)


@check("CREATE-DEFAULTS-MORE", writes=True, given={"choices": CHOICES}, always={"choices": ALL_CHOICES})
def a_space_allows_comments_and_search_but_no_upload_unless_told(client: Client, choices: dict[str, Any]) -> None:
    """CREATE-DEFAULTS-MORE: what is told is kept."""
    _has_defaults(client, within(client.target, choices), FURTHER_DEFAULTS)


def _has_defaults(client: Client, choices: dict[str, Any], defaults: dict[str, Any]) -> None:
    space = client.now(client.created(**choices)["id"])
    for name, default in defaults.items():
        expect.equal(expect.member(space, name), choices.get(name, default), name)


def _upload(client: Client) -> list[tuple[str, Exchange]]:
    space = client.space()
    return [
        ("a create", client.create(client.new_space(**UPLOAD))),
        ("an update", client.owner.patch(f"/shared-spaces/{space['id']}", UPLOAD)),
    ]


@check("CREATE-UPLOAD-ADDON", writes=True)
def external_upload_takes_the_add_on(client: Client) -> None:
    """CREATE-UPLOAD-ADDON: with it a create and an update can allow upload, without it neither can."""
    has_addon = client.target.offer("collaborate_plus")
    for what, exchange in _upload(client):
        if has_addon:
            allowed = expect.member(expect.json_object(expect.status(exchange, 200, 201)), "isExternalUploadAllowed")
            expect.equal(allowed, UPLOAD["isExternalUploadAllowed"], f"isExternalUploadAllowed after {what}")
        else:
            refused_somehow(exchange)


@check("CREATE-UPLOAD-403", writes=True)
def external_upload_without_the_add_on_is_forbidden(client: Client) -> None:
    """CREATE-UPLOAD-403: the code of that refusal."""
    if client.target.offer("collaborate_plus"):
        raise TargetLacks("a tenant without the Collaborate+ add-on")
    for _, exchange in _upload(client):
        expect.status(exchange, 403)


@check("CREATE-THEME-UNKNOWN", writes=True, given={"theme": UNKNOWN_IDS}, examples=3)
def an_unknown_theme_is_refused(client: Client, theme: str) -> None:
    """CREATE-THEME-UNKNOWN: 400, nothing created."""
    body = client.new_space(theme={"id": theme})
    expect.status(client.create(body), 400)
    nothing_created(client, "publicUri", body["publicUri"])


def _from_template(client: Client, template: str) -> None:
    if not client.target.offer("templates"):
        raise TargetLacks("the feature of templates")
    body = client.new_space(sharedSpaceTemplate={"id": template})
    expect.status(client.create(body), 400)
    nothing_created(client, "publicUri", body["publicUri"])


@check("CREATE-TEMPLATE-INVALID", writes=True, given={"template": UNKNOWN_TEMPLATE_IDS}, examples=3)
def an_unknown_template_is_refused(client: Client, template: str) -> None:
    """CREATE-TEMPLATE-INVALID: one that does not exist."""
    _from_template(client, template)


@check("CREATE-TEMPLATE-INVALID", writes=True)
def an_unpublished_template_is_refused(client: Client) -> None:
    """CREATE-TEMPLATE-INVALID: one that is not active."""
    _from_template(client, client.target.offer("unpublished_template"))


@check("CREATE-TEMPLATE-FEATURE", writes=True)
def a_template_takes_the_feature(client: Client) -> None:
    """CREATE-TEMPLATE-FEATURE: with it a space can be made from a template, without it none can."""
    has_feature = client.target.offer("templates")
    template = client.target.offer("published_template")["id"] if has_feature else NO_ID
    exchange = client.create(client.new_space(sharedSpaceTemplate={"id": template}))
    if has_feature:
        expect.status(exchange, 201)
    else:
        refused_somehow(exchange)


@check("CREATE-TEMPLATE-FEATURE-403", writes=True)
def a_template_without_the_feature_is_forbidden(client: Client) -> None:
    """CREATE-TEMPLATE-FEATURE-403: the code of that refusal."""
    if client.target.offer("templates"):
        raise TargetLacks("a tenant without the feature of templates")
    expect.status(client.create(client.new_space(sharedSpaceTemplate={"id": NO_ID})), 403)


TEMPLATES_OWN = ("title", "description", "theme")


@check(
    "CREATE-TEMPLATE-MERGE",
    writes=True,
    given={"given": st.sets(st.sampled_from(TEMPLATES_OWN))},
    always={"given": [set(), *({name} for name in TEMPLATES_OWN), set(TEMPLATES_OWN)]},
)
def a_template_fills_in_what_the_request_left_out(client: Client, given: set[str]) -> None:
    """CREATE-TEMPLATE-MERGE: title, description and theme of the request go before those of the template."""
    offered = client.target.offer("published_template")["id"]
    template = expect.answered(client.admin.get(f"/shared-space-templates/{offered}"), 200)
    # What a template leaves empty it does not fill in: then the space has its default, of which this rule says nothing.
    filled = {name: value for name, value in template["sharedSpaceData"].items() if value}
    own = {"title": "Its own", "description": "In its own words", "theme": {"id": client.target.offer("global_theme")}}
    if "title" not in given and "title" not in filled:
        raise TargetLacks("a published template with a title")
    fields: dict[str, Any] = {name: value if name in given else None for name, value in own.items()}
    space = client.now(client.created(sharedSpaceTemplate={"id": offered}, **fields)["id"])
    theme = {"id": filled["theme"]["id"]} if "theme" in filled else None
    expected = {**filled, "theme": theme, **{name: own[name] for name in given}}
    holds(space, {name: value for name, value in expected.items() if name in own and value}, "the space")
