"""Servers that break rules of creating spaces."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .acting import (
    SPACE,
    SPACES,
    TARGET,
    actor,
    as_admin_asks,
    as_somebody,
    done_all_the_same,
    is_in_person,
    recoded,
    taken,
    told,
)
from .tampering import answering, refusing, with_status
from .wrapping import App, Ask, Broken, Seen, Wrong

Body = dict[str, Any]
SWITCHES = ("isExternalDownloadAllowed", "isExternalInviteAllowed", "isExternalUploadAllowed")
LONGEST = 65_535


def create(change: Callable[[Body], object]) -> Callable[[App], App]:
    """Take the body of a create otherwise."""
    return taken("POST", SPACES, change)


def created(change: Callable[[Body], object]) -> Callable[[App], App]:
    """Answer a create otherwise."""
    return told("POST", SPACES, change)


def refuse(when: Callable[[Body], object], code: int = 400) -> Callable[[App], App]:
    """Refuse creates that should be accepted."""
    return refusing("POST", SPACES, lambda seen: isinstance(seen.body, dict) and bool(when(seen.body)), code=code)


def text(body: Body, name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


def cut(name: str, length: int) -> Callable[[Body], object]:
    def change(body: Body) -> None:
        if len(text(body, name)) > length:
            body[name] = body[name][:length]

    return change


def in_bytes(name: str, most: int) -> Callable[[Body], object]:
    return lambda body: len(text(body, name).encode("utf-8", "surrogatepass")) > most


def rewritten(name: str, pattern: str, by: str) -> Callable[[Body], object]:
    def change(body: Body) -> None:
        if isinstance(body.get(name), str):
            body[name] = re.sub(pattern, by, body[name])

    return change


def lowered(body: Body) -> None:
    if isinstance(body.get("publicUri"), str):
        body["publicUri"] = body["publicUri"].lower().replace(" ", "-")


def default(**defaults: Any) -> Callable[[Body], object]:
    return lambda body: body.update({**defaults, **body})


class IntegrationsOwn(Wrong):
    """Makes the token's user the owner, for integrations too."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        name = actor(seen)
        if seen.is_("POST", SPACES) and name is not None and isinstance(seen.body, dict):
            seen.body = {"owner": {"userId": TARGET.user_id(name)}, **seen.body}


class AlwaysTheRequester(Wrong):
    """Makes the requester the owner, whoever was named."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        name = actor(seen)
        if seen.is_("POST", SPACES) and name is not None and "owner" in (seen.body or {}):
            seen.body = {**seen.body, "owner": {"userId": TARGET.user_id(name)}}


class UntitledIsRefusedTooLate(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", SPACES) and seen.status == 400 and "title" not in (seen.body or {"title": ""}):
            await as_admin_asks(seen, ask, "POST", SPACES, {**seen.body, "title": "Untitled"})


class SecondGetsASuffix(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", SPACES) and seen.status == 400 and "in use" in seen.answer.get("detail", ""):
            body = {**seen.body, "publicUri": f"{seen.body['publicUri']}-2"}
            seen.status, seen.answer = await ask("POST", SPACES, body)


class SecondTakesItOver(Wrong):
    """Refuses a publicUri in use, and renames the space that has it."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.renamed: set[str] = set()

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", SPACES) and seen.status == 400 and "in use" in seen.answer.get("detail", ""):
            self.renamed.add(seen.body["publicUri"])
        if seen.is_("GET", SPACE) and seen.status == 200 and seen.answer["publicUri"] in self.renamed:
            seen.answer["publicUri"] += "-old"


def from_the_title(seen: Seen) -> None:
    if isinstance(seen.body, dict) and "publicUri" not in seen.body:
        seen.answer["publicUri"] = re.sub("[^a-z0-9]+", "-", seen.answer["title"].lower())


class ForgottenLater(Wrong):
    """Answers a create as asked, and reads back something else."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", SPACE) and seen.status == 200:
            seen.answer["description"] = ""


class FalseIsNotGiven(Wrong):
    """Reads `body.get(name) or default`."""

    names: tuple[str, ...] = ("isExternalDownloadAllowed", "isExternalInviteAllowed")

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", SPACES) and isinstance(seen.body, dict):
            seen.body = {
                name: value for name, value in seen.body.items() if name not in self.names or value is not False
            }


class FalseIsNotGivenElsewhere(FalseIsNotGiven):
    names = ("isCommentAllowed", "isSearchAIAllowed")


class UnknownTemplatesAreIgnored(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", SPACES) and seen.status == 400 and "template" in seen.answer.get("detail", ""):
            body = {name: value for name, value in seen.body.items() if name != "sharedSpaceTemplate"}
            seen.status, seen.answer = await ask("POST", SPACES, body)


def drafts_are_used(body: Body) -> None:
    if body.get("sharedSpaceTemplate") == {"id": TARGET.offer("unpublished_template")}:
        body["sharedSpaceTemplate"] = {"id": TARGET.offer("published_template")["id"]}


def template_goes_first(*names: str) -> Callable[[Body], object]:
    def change(body: Body) -> None:
        for name in names if "sharedSpaceTemplate" in body else ():
            body.pop(name, None)

    return change


def template_gives_no_description(body: Body) -> None:
    if "sharedSpaceTemplate" in body:
        body.setdefault("description", "")


def template_gives_no_theme(body: Body) -> None:
    if "sharedSpaceTemplate" in body:
        body.setdefault("theme", {"id": TARGET.offer("global_theme")})


def is_upload(body: Body) -> bool:
    return body.get("isExternalUploadAllowed") is True


BROKEN = (
    Broken("CREATE-OK", "a create is 200", answering("POST", SPACES, with_status(200))),
    Broken("CREATE-OK", "a title loses its marks", create(rewritten("title", "[&<>%]", ""))),
    Broken("CREATE-OK", "a theme is ignored", create(lambda body: body.pop("theme", None))),
    Broken("CREATE-OK", "a description is not kept", ForgottenLater),
    Broken("CREATE-OWNER-REQUIRED", "an integration's user becomes the owner", IntegrationsOwn),
    Broken("CREATE-OWNER-REQUIRED", "no owner is 403", recoded("POST", SPACES, 400, 403)),
    Broken("CREATE-OWNER-DEFAULT", "an owner has to be named in person, too", refuse(lambda body: "owner" not in body)),
    Broken(
        "CREATE-OWNER-DEFAULT",
        "the administrator becomes the owner",
        as_somebody("admin", "POST", SPACES, is_in_person),
    ),
    Broken("CREATE-OWNER-ADMIN", "everybody may name another owner", as_somebody("admin", "POST", SPACES)),
    Broken("CREATE-OWNER-ADMIN", "a user's wish is refused, but done", done_all_the_same("POST", SPACES, 403)),
    Broken("CREATE-OWNER-ADMIN", "the requester becomes the owner", AlwaysTheRequester),
    Broken("CREATE-TITLE-REQUIRED", "a space may be untitled", create(default(title="Untitled"))),
    Broken("CREATE-TITLE-REQUIRED", "no title is refused, but the space created", UntitledIsRefusedTooLate),
    Broken("CREATE-TITLE-REQUIRED", "a template's title does not count", refuse(lambda body: "title" not in body)),
    Broken("CREATE-TITLE-LENGTH", "a long title is cut", create(cut("title", 255))),
    Broken("CREATE-TITLE-LENGTH", "254 characters are the most", refuse(lambda body: len(text(body, "title")) > 254)),
    Broken("CREATE-TITLE-LENGTH", "a title is counted in bytes", refuse(in_bytes("title", 255))),
    Broken("CREATE-TITLE-LENGTH", "two characters are the least", refuse(lambda body: len(text(body, "title")) == 1)),
    Broken("CREATE-TITLE-LENGTH", "an empty title counts as one", create(rewritten("title", "^$", "Untitled"))),
    Broken("CREATE-URI-TAKEN", "the second space gets a suffix", SecondGetsASuffix),
    Broken("CREATE-URI-TAKEN", "a publicUri in use is 409", recoded("POST", SPACES, 400, 409)),
    Broken("CREATE-URI-TAKEN", "the first space loses its publicUri", SecondTakesItOver),
    Broken("CREATE-URI-FORM", "capitals and blanks are made to fit", create(lowered)),
    Broken("CREATE-URI-FORM", "a line break at the end is let through", create(rewritten("publicUri", r"\n\Z", ""))),
    Broken(
        "CREATE-URI-FORM", "a publicUri of one character gets more", create(rewritten("publicUri", "^.$", "slug-1"))
    ),
    Broken("CREATE-URI-FORM", "a long publicUri is cut", create(cut("publicUri", 255))),
    Broken("CREATE-URI-FORM", "200 characters are the most", refuse(lambda body: len(text(body, "publicUri")) > 200)),
    Broken("CREATE-URI-FORM", "underscores are refused", refuse(lambda body: "_" in text(body, "publicUri"))),
    Broken("CREATE-URI-FORM", "any letter will do", create(rewritten("publicUri", r"[^\W_0-9a-z]", "x"))),
    Broken(
        "CREATE-URI-FORM",
        "an empty publicUri counts as none",
        create(lambda body: body.pop("publicUri") if body.get("publicUri") == "" else None),
    ),
    Broken(
        "CREATE-URI-AUTO",
        "the publicUri is made of the title alone",
        answering("POST", SPACES, from_the_title),
    ),
    Broken("CREATE-URI-AUTO", "no publicUri is none", created(lambda space: space.update(publicUri=""))),
    Broken("CREATE-URI-AUTO", "a publicUri is required", refuse(lambda body: "publicUri" not in body)),
    Broken("CREATE-DEFAULTS", "invitation is not allowed unless told", create(default(isExternalInviteAllowed=False))),
    Broken("CREATE-DEFAULTS", "download is not allowed unless told", create(default(isExternalDownloadAllowed=False))),
    Broken("CREATE-DEFAULTS", "false is read as not given", FalseIsNotGiven),
    Broken(
        "CREATE-DEFAULTS", "a new space is archived", told("GET", SPACE, lambda space: space.update(status="ARCHIVED"))
    ),
    Broken("CREATE-DEFAULTS-MORE", "upload is allowed unless told", create(default(isExternalUploadAllowed=True))),
    Broken("CREATE-DEFAULTS-MORE", "comments are not allowed unless told", create(default(isCommentAllowed=False))),
    Broken("CREATE-DEFAULTS-MORE", "SearchAI is not allowed unless told", create(default(isSearchAIAllowed=False))),
    Broken("CREATE-DEFAULTS-MORE", "false is read as not given", FalseIsNotGivenElsewhere),
    Broken("CREATE-UPLOAD-ADDON", "upload is refused with the add-on", refuse(is_upload, 403)),
    Broken(
        "CREATE-UPLOAD-ADDON",
        "upload is ignored with the add-on",
        taken("PATCH", SPACE, lambda body: body.pop("isExternalUploadAllowed", None)),
    ),
    Broken("CREATE-DESCRIPTION", "a long description is cut", create(cut("description", LONGEST))),
    Broken("CREATE-DESCRIPTION", "a description is counted in bytes", refuse(in_bytes("description", LONGEST))),
    Broken("CREATE-DESCRIPTION", "a shorter description is cut", create(cut("description", 65_000))),
    Broken("CREATE-TEMPLATE-INVALID", "an unpublished template is used", create(drafts_are_used)),
    Broken("CREATE-TEMPLATE-INVALID", "an unknown template is ignored", UnknownTemplatesAreIgnored),
    Broken("CREATE-TEMPLATE-INVALID", "an invalid template is 404", recoded("POST", SPACES, 400, 404)),
    Broken(
        "CREATE-TEMPLATE-FEATURE",
        "templates are refused with the feature",
        refuse(lambda body: "sharedSpaceTemplate" in body, 403),
    ),
    Broken("CREATE-TEMPLATE-MERGE", "the template's title goes first", create(template_goes_first("title"))),
    Broken("CREATE-TEMPLATE-MERGE", "the template's theme goes first", create(template_goes_first("theme"))),
    Broken("CREATE-TEMPLATE-MERGE", "the template gives no description", create(template_gives_no_description)),
    Broken("CREATE-TEMPLATE-MERGE", "the template gives no theme", create(template_gives_no_theme)),
)
