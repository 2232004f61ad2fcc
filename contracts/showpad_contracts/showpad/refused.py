"""Every documented refusal of every operation that writes, and requests that bring it about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..core.exchange import Exchange
from ..core.violation import TargetLacks
from ..transport.session import Caller
from .assertions import BYSTANDERS, strangers, with_each_token
from .client import Client
from .operations import NO_ID, everything, on_a_space
from .picture import SPACES, Scene
from .strategies.conventions import BODIES_THAT_ARE_NO_OBJECT
from .strategies.items import INCOMPLETE_ITEMS, MALFORMED_ITEMS, MOST_NAME, Item, chain
from .strategies.spaces import (
    BEYOND,
    CHANGE_MEMBERS,
    CREATE_MEMBERS,
    LONGEST_DESCRIPTION,
    LONGEST_TITLE,
    LONGEST_URI,
    SPOILT_CHANGES,
    SPOILT_CREATES,
    URI_SPOILERS,
    with_member,
)

Refused = Callable[[Client, Scene], Iterator[Exchange]]
"""Sends requests, each of which must be refused."""
SOUND: Mapping[str, Any] = {"description": "Not to be", "isCommentAllowed": False}
"""What an update would do if the rest of it were not refused."""
FOLDER: Item = {"type": "folder", "name": "Not to be"}


def creates(*changes: Mapping[str, Any], by: str = "admin") -> Refused:
    """Create a space with each of these changes to a sound body; None leaves a field out."""

    def send(client: Client, scene: Scene) -> Iterator[Exchange]:
        for change in changes:
            fields = {"title": f"{scene.mark} new", **change}
            yield client.create(client.new_space(**fields), by=client.as_(by))

    return send


def creates_for(offer: str) -> Refused:
    """Create a space for a user whom the target offers."""
    return lambda client, scene: creates({"owner": {"userId": client.target.offer(offer)}})(client, scene)


def creates_for_another(client: Client, scene: Scene) -> Iterator[Exchange]:
    """Whoever is no administrator names a colleague as the owner."""
    for user in strangers(client, "owner", *BYSTANDERS):
        other = {"userId": client.target.user_id("admin")}
        for caller in with_each_token(client, str(user.name)):
            yield client.create(client.new_space(title=f"{scene.mark} new", owner=other), by=caller)


def creates_with_uri_of(archived: str) -> Refused:
    """Create a space with the publicUri of one that is there, as the administrator, for others too."""

    def send(client: Client, scene: Scene) -> Iterator[Exchange]:
        uri = getattr(scene, archived)["publicUri"]
        for owner, caller in (("owner", client.admin), ("admin", client.admin), ("owner", client.owner)):
            body = client.new_space(
                title=f"{scene.mark} new", publicUri=uri, owner={"userId": client.target.user_id(owner)}
            )
            yield client.create(body, by=caller)

    return send


def creates_with_other_uris(client: Client, scene: Scene) -> Iterator[Exchange]:
    """The publicUri is none: a character of it, or its length."""
    # The condition always holds: it is there to have a fresh one for each.
    uris = [uri[:place] + one + uri[place:] for one, place in URI_SPOILERS if (uri := client.session.fresh_mark())]
    for uri in ("", *uris, client.session.fresh_mark().ljust(LONGEST_URI + 1, "a")):
        yield client.create(client.new_space(title=f"{scene.mark} new", publicUri=uri))


def creates_from_no_template(client: Client, scene: Scene) -> Iterator[Exchange]:
    """The template is unknown, or not published."""
    if not client.target.offer("templates"):
        raise TargetLacks("the feature of templates")
    unpublished = client.target.offers.get("unpublished_template")
    for template in (NO_ID, *([unpublished] if unpublished is not None else [])):
        yield from creates({"sharedSpaceTemplate": {"id": template}})(client, scene)


def without(feature: str, refused: Refused) -> Refused:
    """Send it where the target lacks a feature."""

    def send(client: Client, scene: Scene) -> Iterator[Exchange]:
        if client.target.offer(feature):
            raise TargetLacks(f"a tenant without {feature.replace('_', ' ')}")
        yield from refused(client, scene)

    return send


def with_members(names: tuple[str, ...], value: Any) -> tuple[tuple[str, Any], ...]:
    """Return each member with the same value."""
    return tuple((name, value) for name in names)


def spoilt_creates(*spoilt: tuple[str, Any]) -> Refused:
    """Create a space with each of these members spoilt."""

    def send(client: Client, scene: Scene) -> Iterator[Exchange]:
        for name, value in spoilt:
            yield client.create(with_member(client.new_space(title=f"{scene.mark} new"), name, value))

    return send


def spoilt_updates(*spoilt: tuple[str, Any]) -> Refused:
    """Update a space with each of these members spoilt."""
    return updates(*(with_member(dict(SOUND), name, value) for name, value in spoilt))


def updates(*bodies: Mapping[str, Any]) -> Refused:
    """Update a space as its owner."""

    def send(client: Client, scene: Scene) -> Iterator[Exchange]:
        for body in bodies:
            yield client.owner.patch(f"{SPACES}/{scene.active['id']}", {**SOUND, **body})

    return send


def updates_of_what_stays(client: Client, scene: Scene) -> Iterator[Exchange]:
    """Another publicUri."""
    yield from updates({"publicUri": client.session.fresh_mark()})(client, scene)


def updates_of_the_owner(client: Client, scene: Scene) -> Iterator[Exchange]:
    """Another owner."""
    yield from updates({"owner": {"userId": client.target.user_id("participant")}})(client, scene)


def below(path: str, *bodies: Any, space: str = "active") -> Refused:
    """Post something below a space, as the administrator."""

    def send(client: Client, scene: Scene) -> Iterator[Exchange]:
        for body in bodies:
            yield client.admin.post(f"{SPACES}/{getattr(scene, space)['id']}/{path}", body)

    return send


def transfers(*bodies: Any) -> Refused:
    """Transfer a space."""
    return below("transfer-ownership", *bodies)


def transfers_to(offer: str) -> Refused:
    """Transfer a space to a user whom the target offers."""
    return lambda client, scene: transfers({"userId": client.target.offer(offer)})(client, scene)


def items(*lists: Any, space: str = "active") -> Refused:
    """Add items to a space."""
    return below("items", *({"items": one} for one in lists), space=space)


def at_every_depth(wrong: tuple[Any, ...]) -> list[list[Any]]:
    """Put each item alone, after one that is sound, and into a folder."""
    return [place for one in wrong for place in ([one], [FOLDER, one], [FOLDER, chain(2, [one])])]


def of_strangers(ask: Callable[[Client, Scene, Caller], Iterator[Exchange]]) -> Refused:
    """Ask as everybody who has no part in the space, with each of their tokens."""

    def send(client: Client, scene: Scene) -> Iterator[Exchange]:
        for stranger in strangers(client, *BYSTANDERS):
            for caller in with_each_token(client, str(stranger.name)):
                yield from ask(client, scene, caller)

    return send


def _update(_: Client, scene: Scene, caller: Caller) -> Iterator[Exchange]:
    for body in ({**SOUND, "title": f"{scene.mark} taken"}, {"status": "ARCHIVED"}):
        yield caller.patch(f"{SPACES}/{scene.active['id']}", body)


def _delete(client: Client, scene: Scene, caller: Caller) -> Iterator[Exchange]:
    for space in (scene.active, scene.archived):
        yield client.delete(space["id"], by=caller)


def _transfer(client: Client, scene: Scene, caller: Caller) -> Iterator[Exchange]:
    # In person they are called as in `owner/oauth`.
    itself = str(caller.name).partition("/")[0]
    for name in ("admin", itself):
        yield client.transfer(scene.active["id"], client.target.user_id(name), by=caller)


def _add(client: Client, scene: Scene, caller: Caller) -> Iterator[Exchange]:
    yield client.add_items(scene.active["id"], [FOLDER], by=caller)


def where_no_space_is(method: str, path: str, body: Any = None) -> Refused:
    """Ask for an id that no space has, and for that of a space that was deleted."""

    def send(client: Client, scene: Scene) -> Iterator[Exchange]:
        gone = client.space(title=f"{scene.mark} gone")["id"]
        client.delete(gone)
        for space_id in (NO_ID, gone):
            # Sound in itself: nothing but the space is lacking.
            sent = {"userId": client.target.user_id("owner")} if path == "/transfer-ownership" else body
            yield client.admin.request(method, f"{SPACES}/{space_id}{path}", *([] if sent is None else [sent]))

    return send


def on_a_space_that_is_gone(client: Client, scene: Scene) -> Iterator[Exchange]:
    """Send every operation on a space that was deleted."""
    gone = client.space(title=f"{scene.mark} gone")["id"]
    client.delete(gone)
    for operation in on_a_space(client, gone).values():
        yield operation.send(client, client.admin)


def all_writes(callers: Callable[[Client], tuple[Caller, ...]]) -> Refused:
    """Send every operation that writes, as somebody who may do nothing."""

    def send(client: Client, scene: Scene) -> Iterator[Exchange]:
        for caller in callers(client):
            for operation in everything(client, scene.active["id"]).values():
                if operation.method != "GET":
                    yield operation.send(client, caller)

    return send


def no_objects(client: Client, scene: Scene) -> Iterator[Exchange]:
    """Every operation that takes a JSON object gets something else."""
    path = f"{SPACES}/{scene.active['id']}"
    for body in BODIES_THAT_ARE_NO_OBJECT:
        yield client.create(body)
        yield client.owner.patch(path, body)
        yield client.admin.post(f"{path}/transfer-ownership", body)
        yield client.admin.post(f"{path}/items", body)


LONG = "a" * (LONGEST_TITLE + 1)
REFUSED: Mapping[str, Mapping[str, Refused]] = {
    "CONV-AUTH-401": {
        "a request without a token, or with an unknown one": all_writes(
            lambda client: (client.nobody, client.with_token("unknown-to-everybody"))
        )
    },
    "CONV-AUTH-DEACTIVATED": {"a deactivated user's request": all_writes(lambda client: (client.as_("deactivated"),))},
    "CONV-NULL": {
        "a create with a null": spoilt_creates(*with_members(CREATE_MEMBERS, None)),
        "an update with a null": spoilt_updates(*with_members(CHANGE_MEMBERS, None)),
        "a transfer to null": transfers({"userId": None}),
        "items with a null": items(None, [{**FOLDER, "folderItems": None}], [FOLDER, {**FOLDER, "name": None}]),
    },
    "CONV-TYPES": {
        "a create with a member of another type": spoilt_creates(*SPOILT_CREATES),
        "an update with a member of another type": spoilt_updates(*SPOILT_CHANGES),
        "a transfer to what is no text": transfers({"userId": 7}, {"userId": ["a"]}),
        "items with a member of another type": items({}, "x", [FOLDER, {**FOLDER, "name": 7}]),
    },
    "CONV-JSON": {"a body that is no JSON object": no_objects},
    "CREATE-OWNER-REQUIRED": {
        "an administrator's create without an owner": creates({"owner": None}, {"owner": {}}),
        "an owner's create without an owner": creates({"owner": None}, by="owner"),
    },
    "CREATE-OWNER-ADMIN": {"a create for a colleague": creates_for_another},
    "CREATE-OWNER-UNKNOWN": {"a create for nobody": creates({"owner": {"userId": NO_ID}})},
    "CREATE-OWNER-DEACTIVATED": {"a create for a deactivated user": creates_for("deactivated_user")},
    "CREATE-OWNER-UNLICENSED": {"a create for an unlicensed user": creates_for("unlicensed_user")},
    "CREATE-TITLE-REQUIRED": {"a create without a title": creates({"title": None})},
    "CREATE-TITLE-LENGTH": {
        "a create with an empty title or one too long": creates({"title": ""}, {"title": LONG}, {"title": LONG * 2})
    },
    "CREATE-DESCRIPTION": {
        "a create with a description too long": creates({"description": "a" * (LONGEST_DESCRIPTION + 1)})
    },
    "CREATE-URI-TAKEN": {"a create with a publicUri in use": creates_with_uri_of("active")},
    "CREATE-URI-SCOPE": {"a create with an archived space's publicUri": creates_with_uri_of("archived")},
    "CREATE-URI-FORM": {"a create with what is no publicUri": creates_with_other_uris},
    "CREATE-THEME-UNKNOWN": {
        "a create with an unknown theme": creates({"theme": {"id": NO_ID}}),
        "an update to an unknown theme": updates({"theme": {"id": NO_ID}}),
    },
    "CREATE-TEMPLATE-INVALID": {"a create from no template": creates_from_no_template},
    "CREATE-TEMPLATE-FEATURE": {
        "a create from a template without the feature": without(
            "templates", creates({"sharedSpaceTemplate": {"id": NO_ID}})
        )
    },
    "CREATE-UPLOAD-ADDON": {
        "a create that allows upload": without("collaborate_plus", creates({"isExternalUploadAllowed": True})),
        "an update that allows upload": without("collaborate_plus", updates({"isExternalUploadAllowed": True})),
    },
    "PATCH-FIELDS": {"an update beyond the limits": updates(*BEYOND.values())},
    "PATCH-URI-400": {"an update of the publicUri": updates_of_what_stays},
    "PATCH-OWNER": {"an update of the owner": updates_of_the_owner},
    "PATCH-403": {"a stranger's update": of_strangers(_update)},
    "PATCH-404": {"an update of no space": where_no_space_is("PATCH", "", {"status": "ACTIVE"})},
    "DELETE-403": {"a stranger's deletion": of_strangers(_delete)},
    "DELETE-GONE": {"any call on a deleted space": on_a_space_that_is_gone},
    "DELETE-404": {"a deletion of no space": where_no_space_is("DELETE", "")},
    "TRANSFER-USERID": {"a transfer to whom is not said": transfers({}, {"id": NO_ID}, {"userID": NO_ID})},
    "TRANSFER-NOT-FOUND": {"a transfer to nobody": transfers({"userId": NO_ID}, {"userId": ""})},
    "TRANSFER-DEACTIVATED": {"a transfer to a deactivated user": transfers_to("deactivated_user")},
    "TRANSFER-UNLICENSED": {"a transfer to an unlicensed user": transfers_to("unlicensed_user")},
    "TRANSFER-403": {"a stranger's transfer": of_strangers(_transfer)},
    "TRANSFER-404": {"a transfer of no space": where_no_space_is("POST", "/transfer-ownership")},
    "ITEMS-REQUIRED": {
        "items that are missing": below("items", {}, {"item": [FOLDER]}),
        "items that lack something": items(*at_every_depth(INCOMPLETE_ITEMS)),
    },
    "ITEMS-EMPTY": {"no items": items([])},
    "ITEMS-400": {
        "malformed items": items(*at_every_depth(MALFORMED_ITEMS)),
        "what is no object of items": below("items", [FOLDER], "folder", 7),
    },
    "ITEMS-NAME": {"a folder's name too long": items(*at_every_depth(({**FOLDER, "name": "a" * (MOST_NAME + 1)},)))},
    "ITEMS-ARCHIVED-SPACE": {"items for an archived space": items([FOLDER], space="archived")},
    "ITEMS-403": {"a stranger's items": of_strangers(_add)},
    "ITEMS-404": {"items for no space": where_no_space_is("POST", "/items", {"items": [FOLDER]})},
}
"""Rule -> what it refuses, and how to send it."""
OPEN = ("CREATE-OWNER-ADMIN", "CREATE-UPLOAD-ADDON", "CREATE-TEMPLATE-FEATURE", "ITEMS-REQUIRED", "ITEMS-NAME")
"""Rules that leave open with which code they refuse."""


def code(rule: str) -> int | None:
    """Return the code that a rule refuses with, None where it leaves that open."""
    if rule in OPEN:
        return None
    if rule.startswith("CONV-AUTH"):
        return 401
    if rule.endswith("-403"):
        return 403
    return 404 if rule.endswith("-404") or rule == "DELETE-GONE" else 400
