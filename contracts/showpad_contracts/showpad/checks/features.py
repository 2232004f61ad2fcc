"""What a tenant may not do whose plan lacks a feature, where a control API takes that away (CONV-PLAN, -403)."""

from __future__ import annotations

from typing import Any

from ...core import expect
from ...core.check import check
from ..assertions import nothing_created, refused_somehow, unchanged
from ..client import Client
from ..control import Control
from ..operations import Operation, everything
from .shares import body

SPACES, TEMPLATES, UPLOAD, API = "sharedSpaces", "templates", "collaboratePlus", "apiAccess"
"""What a mock's control API calls the features."""
ALLOWED: dict[str, Any] = {"isExternalUploadAllowed": True}


def of_spaces(client: Client, space_id: str) -> list[Operation]:
    """Return each operation on spaces."""
    return [one for one in everything(client, space_id).values() if one.path.startswith("/shared-spaces")]


@check("CONV-PLAN", writes=True)
def nothing_works_without_shared_spaces(client: Client) -> None:
    """CONV-PLAN: neither to look nor to change; all is as it was afterwards."""
    space = client.space()
    with Control(client).without(SPACES):
        for operation in of_spaces(client, space["id"]):
            refused_somehow(operation.send(client, client.admin))
    unchanged(client, space)


@check("CONV-PLAN-403", writes=True)
def whatever_is_asked_of_spaces_is_forbidden_without_them(client: Client) -> None:
    """CONV-PLAN-403: to administrators and to owners."""
    space = client.space()
    with Control(client).without(SPACES):
        for operation in of_spaces(client, space["id"]):
            for caller in (client.admin, client.owner):
                expect.refused(operation.send(client, caller), 403)


@check("SHARE-403", shares=True)
def no_share_is_made_without_api_access(client: Client) -> None:
    """SHARE-403: by nobody, whichever code tells it; then again."""
    with Control(client).without(API):
        for caller in (client.admin, client.owner):
            refused_somehow(client.share(body(client), by=caller))
    expect.answered(client.share(body(client)), 201)


@check("CREATE-UPLOAD-ADDON", "CREATE-UPLOAD-403", writes=True)
def upload_is_forbidden_once_the_add_on_is_gone(client: Client) -> None:
    """CREATE-UPLOAD-ADDON: by a create and by an update, with 403 (CREATE-UPLOAD-403)."""
    space, fields = client.space(), client.new_space(**ALLOWED)
    with Control(client).without(UPLOAD):
        answers = client.create(fields), client.owner.patch(f"/shared-spaces/{space['id']}", ALLOWED)
    for exchange in answers:
        refused_somehow(exchange)
        with expect.needed("a refusal", "CREATE-UPLOAD-403"):
            expect.status(exchange, 403)
    nothing_created(client, "publicUri", fields["publicUri"])
    unchanged(client, space)


@check("CREATE-TEMPLATE-FEATURE", "CREATE-TEMPLATE-FEATURE-403", writes=True)
def a_template_is_forbidden_once_the_feature_is_gone(client: Client) -> None:
    """CREATE-TEMPLATE-FEATURE: with 403 (CREATE-TEMPLATE-FEATURE-403); without a template a space can be made still."""
    fields = client.new_space(sharedSpaceTemplate={"id": client.target.offer("published_template")["id"]})
    with Control(client).without(TEMPLATES):
        exchange = client.create(fields)
        client.created()
    refused_somehow(exchange)
    with expect.needed("a refusal", "CREATE-TEMPLATE-FEATURE-403"):
        expect.status(exchange, 403)
    nothing_created(client, "publicUri", fields["publicUri"])
