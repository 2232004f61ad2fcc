"""The form of what a create sends: title, publicUri, description (CREATE-)."""

from __future__ import annotations

from hypothesis import strategies as st

from ...core import expect
from ...core.check import check
from ...core.failure import TargetLacks, Undecided, WrongValue
from ..client import Api
from ..observe import all_spaces, kept_in_every_place, nothing_created, unchanged, with_each_token
from ..strategies.spaces import (
    AT_THE_END,
    EDGES,
    LONG_DESCRIPTIONS,
    LONGEST_DESCRIPTION,
    LONGEST_TITLE,
    LONGEST_URI,
    NOT_IN_A_URI,
    TITLES,
    TITLES_TOO_LONG,
    URI_FORMS,
    URI_LENGTHS,
    URI_SPOILERS,
    URI_TAILS,
    repeated,
)
from ..strategies.text import beyond_the_limit


@check("CREATE-TITLE-REQUIRED", writes=True)
def a_create_without_title_and_template_is_refused(api: Api) -> None:
    """CREATE-TITLE-REQUIRED: 400, nothing created."""
    body = api.new_space(title=None)
    expect.status(api.create(body), 400)
    nothing_created(api, "publicUri", body["publicUri"])


@check("CREATE-TITLE-REQUIRED", writes=True)
def a_template_with_a_title_makes_up_for_a_missing_one(api: Api) -> None:
    """CREATE-TITLE-REQUIRED: the title is optional then."""
    template = api.target.offer("published_template")["id"]
    data = expect.answered(api.admin.get(f"/shared-space-templates/{template}"), 200)["sharedSpaceData"]
    if not data.get("title"):
        raise TargetLacks("a published template with a title")
    expect.status(api.create(api.new_space(title=None, sharedSpaceTemplate={"id": template})), 201)


@check("CREATE-TITLE-LENGTH", writes=True, always={"title": EDGES})
def a_title_of_1_or_255_characters_is_accepted(api: Api, title: str) -> None:
    """CREATE-TITLE-LENGTH: of any sort of character, and kept as it was sent."""
    kept_in_every_place(api, api.created(title=title), {"title": title})


@check("CREATE-TITLE-LENGTH", writes=True, given={"title": TITLES}, examples=5)
def a_title_of_up_to_255_characters_is_accepted(api: Api, title: str) -> None:
    """CREATE-TITLE-LENGTH: of any characters, and kept as it was sent."""
    expect.equal(expect.member(api.created(title=title), "title"), title, "title")


@check(
    "CREATE-TITLE-LENGTH",
    writes=True,
    given={"title": TITLES_TOO_LONG},
    always={"title": ("", *beyond_the_limit(LONGEST_TITLE))},
    examples=3,
)
def an_empty_or_longer_title_is_refused(api: Api, title: str) -> None:
    """CREATE-TITLE-LENGTH: 400, nothing created."""
    body = api.new_space(title=title)
    expect.status(api.create(body), 400)
    nothing_created(api, "publicUri", body["publicUri"])


@check("CREATE-DESCRIPTION", writes=True, always=LONG_DESCRIPTIONS)
def a_description_of_up_to_65535_characters_is_accepted(api: Api, letter: str, length: int) -> None:
    """CREATE-DESCRIPTION: and kept whole."""
    description = repeated(letter, length)
    space = api.now(api.created(description=description)["id"])
    expect.equal(len(expect.member(space, "description")), len(description), "the length of the description")
    expect.equal(space["description"], description, "description")


@check("CREATE-DESCRIPTION", writes=True, always={"more": (1, 50)})
def a_longer_description_is_refused(api: Api, more: int) -> None:
    """CREATE-DESCRIPTION: 400, nothing created."""
    body = api.new_space(description="a" * (LONGEST_DESCRIPTION + more))
    expect.status(api.create(body), 400)
    nothing_created(api, "publicUri", body["publicUri"])


@check("CREATE-URI-TAKEN", writes=True)
def a_public_uri_in_use_is_refused(api: Api) -> None:
    """CREATE-URI-TAKEN: whoever asks and for whom; the space that has it stays as it is."""
    space = api.space()
    title = f"Twice {space['publicUri']}"
    for caller in with_each_token(api, "admin"):
        body = api.new_space(publicUri=space["publicUri"], title=title, owner={"userId": api.target.user_id("admin")})
        expect.status(api.create(body, by=caller), 400)
        nothing_created(api, "title", title)
    unchanged(api, space)


@check("CREATE-URI-SCOPE", writes=True)
def an_archived_space_keeps_its_public_uri(api: Api) -> None:
    """CREATE-URI-SCOPE: archiving frees nothing."""
    space = api.space()
    api.archive(space["id"], by=api.owner)
    expect.status(api.create(api.new_space(publicUri=space["publicUri"])), 400)


@check("CREATE-URI-SCOPE", writes=True)
def a_deleted_space_frees_its_public_uri(api: Api) -> None:
    """CREATE-URI-SCOPE: it can be used again."""
    space = api.space()
    expect.nothing(api.delete(space["id"]))
    again = api.created(publicUri=space["publicUri"])
    expect.equal(expect.member(again, "publicUri"), space["publicUri"], "publicUri")


@check("CREATE-URI-FORM", writes=True, given={"tail": URI_TAILS, "length": URI_LENGTHS})
def a_public_uri_of_the_form_is_accepted(api: Api, tail: str, length: int) -> None:
    """CREATE-URI-FORM: lower-case letters, digits, hyphens and underscores, up to 255."""
    uri = f"{api.session.fresh_mark()}-{tail}".ljust(length, "_")[:LONGEST_URI]
    expect.equal(expect.member(api.created(publicUri=uri), "publicUri"), uri, "publicUri")


@check("CREATE-URI-FORM", writes=True, always={"uri": "a0-_"})
def a_public_uri_of_one_character_is_accepted(api: Api, uri: str) -> None:
    """CREATE-URI-FORM: if it is free; where a space of the list has it, it is not."""
    if any(space.get("publicUri") == uri for space in all_spaces(api.admin)):
        raise Undecided(f"{uri!r} is in use")
    expect.equal(expect.member(api.created(publicUri=uri), "publicUri"), uri, "publicUri")


@check("CREATE-URI-FORM", writes=True, always={"form": URI_FORMS})
def a_public_uri_may_begin_and_end_with_whatever_it_may_have(api: Api, form: str) -> None:
    """CREATE-URI-FORM: hyphens, underscores and digits, several in a row, and as many as there may be."""
    uri = form.format(api.session.fresh_mark())[:LONGEST_URI]
    expect.equal(expect.member(api.created(publicUri=uri), "publicUri"), uri, "publicUri")


def _refused_with(api: Api, character: str, place: int) -> None:
    uri = api.session.fresh_mark()
    title = f"Refused {uri}"
    expect.status(api.create(api.new_space(publicUri=uri[:place] + character + uri[place:], title=title)), 400)
    nothing_created(api, "title", title)


@check("CREATE-URI-FORM", writes=True, given={"fault": st.sampled_from(URI_SPOILERS)})
def a_public_uri_that_is_no_slug_is_refused(api: Api, fault: tuple[str, int]) -> None:
    """CREATE-URI-FORM: the whole of it has to match, a line break at its end is too much; nothing created."""
    _refused_with(api, *fault)


@check(
    "CREATE-URI-FORM",
    writes=True,
    given={"character": NOT_IN_A_URI, "place": st.sampled_from([0, 3, AT_THE_END])},
    examples=8,
)
def a_public_uri_with_any_other_character_is_refused(api: Api, character: str, place: int) -> None:
    """CREATE-URI-FORM: at its beginning, in it, at its end; nothing created."""
    _refused_with(api, character, place)


@check("CREATE-URI-FORM", writes=True, always={"length": (0, 256, 300)})
def an_empty_or_longer_public_uri_is_refused(api: Api, length: int) -> None:
    """CREATE-URI-FORM: 1 to 255 characters; nothing created."""
    uri = api.session.fresh_mark()
    title = f"Refused {uri}"
    expect.status(api.create(api.new_space(publicUri=uri.ljust(length, "a")[:length], title=title)), 400)
    nothing_created(api, "title", title)


@check("CREATE-URI-AUTO", writes=True)
def spaces_without_a_public_uri_get_different_ones(api: Api) -> None:
    """CREATE-URI-AUTO: also under one title; none of them empty."""
    title = f"Twin {api.session.fresh_mark()}"
    uris = [expect.member(api.created(publicUri=None, title=title), "publicUri") for _ in range(3)]
    for uri in uris:
        expect.matches(uri, ".+", "the generated publicUri")
    if len(set(uris)) != len(uris):
        raise WrongValue("the generated publicUris", expected="different ones", received=uris)
