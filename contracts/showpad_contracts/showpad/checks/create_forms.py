"""The form of what a create sends: title, publicUri, description (CREATE-)."""

from __future__ import annotations

from hypothesis import strategies as st

from ...core import expect
from ...core.check import check
from ...core.violation import Inconclusive, TargetLacks, WrongValue
from ...strategies.text import beyond_the_limit
from ..assertions import all_spaces, kept_in_every_place, nothing_created, unchanged, with_each_token
from ..client import Client
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


@check("CREATE-TITLE-REQUIRED", writes=True)
def a_create_without_title_and_template_is_refused(client: Client) -> None:
    """CREATE-TITLE-REQUIRED: 400, nothing created."""
    body = client.new_space(title=None)
    expect.status(client.create(body), 400)
    nothing_created(client, "publicUri", body["publicUri"])


@check("CREATE-TITLE-REQUIRED", writes=True)
def a_template_with_a_title_makes_up_for_a_missing_one(client: Client) -> None:
    """CREATE-TITLE-REQUIRED: the title is optional then."""
    template = client.target.offer("published_template")["id"]
    data = expect.answered(client.admin.get(f"/shared-space-templates/{template}"), 200)["sharedSpaceData"]
    if not data.get("title"):
        raise TargetLacks("a published template with a title")
    expect.status(client.create(client.new_space(title=None, sharedSpaceTemplate={"id": template})), 201)


@check("CREATE-TITLE-LENGTH", writes=True, always={"title": EDGES})
def a_title_of_1_or_255_characters_is_accepted(client: Client, title: str) -> None:
    """CREATE-TITLE-LENGTH: of any sort of character, and kept as it was sent."""
    kept_in_every_place(client, client.created(title=title), {"title": title})


@check("CREATE-TITLE-LENGTH", writes=True, given={"title": TITLES}, examples=5)
def a_title_of_up_to_255_characters_is_accepted(client: Client, title: str) -> None:
    """CREATE-TITLE-LENGTH: of any characters, and kept as it was sent."""
    expect.equal(expect.member(client.created(title=title), "title"), title, "title")


@check(
    "CREATE-TITLE-LENGTH",
    writes=True,
    given={"title": TITLES_TOO_LONG},
    always={"title": ("", *beyond_the_limit(LONGEST_TITLE))},
    examples=3,
)
def an_empty_or_longer_title_is_refused(client: Client, title: str) -> None:
    """CREATE-TITLE-LENGTH: 400, nothing created."""
    body = client.new_space(title=title)
    expect.status(client.create(body), 400)
    nothing_created(client, "publicUri", body["publicUri"])


@check("CREATE-DESCRIPTION", writes=True, always=LONG_DESCRIPTIONS)
def a_description_of_up_to_65535_characters_is_accepted(client: Client, letter: str, length: int) -> None:
    """CREATE-DESCRIPTION: and kept whole."""
    description = repeated(letter, length)
    space = client.now(client.created(description=description)["id"])
    expect.equal(len(expect.member(space, "description")), len(description), "the length of the description")
    expect.equal(space["description"], description, "description")


@check("CREATE-DESCRIPTION", writes=True, always={"more": (1, 50)})
def a_longer_description_is_refused(client: Client, more: int) -> None:
    """CREATE-DESCRIPTION: 400, nothing created."""
    body = client.new_space(description="a" * (LONGEST_DESCRIPTION + more))
    expect.status(client.create(body), 400)
    nothing_created(client, "publicUri", body["publicUri"])


@check("CREATE-URI-TAKEN", writes=True)
def a_public_uri_in_use_is_refused(client: Client) -> None:
    """CREATE-URI-TAKEN: whoever asks and for whom; the space that has it stays as it is."""
    space = client.space()
    title = f"Twice {space['publicUri']}"
    for caller in with_each_token(client, "admin"):
        body = client.new_space(
            publicUri=space["publicUri"], title=title, owner={"userId": client.target.user_id("admin")}
        )
        expect.status(client.create(body, by=caller), 400)
        nothing_created(client, "title", title)
    unchanged(client, space)


@check("CREATE-URI-SCOPE", writes=True)
def an_archived_space_keeps_its_public_uri(client: Client) -> None:
    """CREATE-URI-SCOPE: archiving frees nothing."""
    space = client.space()
    client.archive(space["id"], by=client.owner)
    expect.status(client.create(client.new_space(publicUri=space["publicUri"])), 400)


@check("CREATE-URI-SCOPE", writes=True)
def a_deleted_space_frees_its_public_uri(client: Client) -> None:
    """CREATE-URI-SCOPE: it can be used again."""
    space = client.space()
    expect.nothing(client.delete(space["id"]))
    again = client.created(publicUri=space["publicUri"])
    expect.equal(expect.member(again, "publicUri"), space["publicUri"], "publicUri")


@check("CREATE-URI-FORM", writes=True, given={"tail": URI_TAILS, "length": URI_LENGTHS})
def a_public_uri_of_the_form_is_accepted(client: Client, tail: str, length: int) -> None:
    """CREATE-URI-FORM: lower-case letters, digits, hyphens and underscores, up to 255."""
    uri = f"{client.session.fresh_mark()}-{tail}".ljust(length, "_")[:LONGEST_URI]
    expect.equal(expect.member(client.created(publicUri=uri), "publicUri"), uri, "publicUri")


@check("CREATE-URI-FORM", writes=True, always={"uri": "a0-_"})
def a_public_uri_of_one_character_is_accepted(client: Client, uri: str) -> None:
    """CREATE-URI-FORM: if it is free; where a space of the list has it, it is not."""
    if any(space.get("publicUri") == uri for space in all_spaces(client.admin)):
        # One character can bear no mark: somebody else's space may well have it.
        raise Inconclusive(f"{uri!r} is in use")
    expect.equal(expect.member(client.created(publicUri=uri), "publicUri"), uri, "publicUri")


@check("CREATE-URI-FORM", writes=True, always={"form": URI_FORMS})
def a_public_uri_may_begin_and_end_with_whatever_it_may_have(client: Client, form: str) -> None:
    """CREATE-URI-FORM: hyphens, underscores and digits, several in a row, and as many as there may be."""
    uri = form.format(client.session.fresh_mark())[:LONGEST_URI]
    expect.equal(expect.member(client.created(publicUri=uri), "publicUri"), uri, "publicUri")


def _refused_with(client: Client, character: str, place: int) -> None:
    uri = client.session.fresh_mark()
    title = f"Refused {uri}"
    expect.status(client.create(client.new_space(publicUri=uri[:place] + character + uri[place:], title=title)), 400)
    nothing_created(client, "title", title)


@check("CREATE-URI-FORM", writes=True, given={"fault": st.sampled_from(URI_SPOILERS)})
def a_public_uri_that_is_no_slug_is_refused(client: Client, fault: tuple[str, int]) -> None:
    """CREATE-URI-FORM: the whole of it has to match, a line break at its end is too much; nothing created."""
    _refused_with(client, *fault)


@check(
    "CREATE-URI-FORM",
    writes=True,
    given={"character": NOT_IN_A_URI, "place": st.sampled_from([0, 3, AT_THE_END])},
    examples=8,
)
def a_public_uri_with_any_other_character_is_refused(client: Client, character: str, place: int) -> None:
    """CREATE-URI-FORM: at its beginning, in it, at its end; nothing created."""
    _refused_with(client, character, place)


@check("CREATE-URI-FORM", writes=True, always={"length": (0, 256, 300)})
def an_empty_or_longer_public_uri_is_refused(client: Client, length: int) -> None:
    """CREATE-URI-FORM: 1 to 255 characters; nothing created."""
    uri = client.session.fresh_mark()
    title = f"Refused {uri}"
    expect.status(client.create(client.new_space(publicUri=uri.ljust(length, "a")[:length], title=title)), 400)
    nothing_created(client, "title", title)


@check("CREATE-URI-AUTO", writes=True)
def spaces_without_a_public_uri_get_different_ones(client: Client) -> None:
    """CREATE-URI-AUTO: also under one title; none of them empty."""
    title = f"Twin {client.session.fresh_mark()}"
    uris = [expect.member(client.created(publicUri=None, title=title), "publicUri") for _ in range(3)]
    for uri in uris:
        expect.matches(uri, ".+", "the generated publicUri")
    if len(set(uris)) != len(uris):
        raise WrongValue("the generated publicUris", expected="different ones", received=uris)
