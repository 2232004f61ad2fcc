"""Creating, reading, updating and deleting Shared Spaces (CREATE-, GET-, PATCH-, DELETE-)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...core.refusals import Parsed
from ...state.record import record
from ...state.unit import Unit
from .. import problems
from . import crm, deleted, plan, quick_actions
from .access import Caller, existing_space, may_see, own_space, require_plan
from .branding import TEMPLATES, THEMES, Template, global_theme_id
from .changes import given
from .content import BATCHES, batch_id
from .history import activity, emit_created, notify
from .invitations import delete_invitations
from .organisation import organisation
from .ownership import OwnerProblems, eligible_owner
from .people import Participant, User, participant_of
from .space import SPACES, Space, Status, TemplateRef, TimelineEntry
from .timeline import delete_timeline

CREATE_OWNER = OwnerProblems(
    unknown=problems.CREATE_OWNER_UNKNOWN,
    deactivated=problems.CREATE_OWNER_DEACTIVATED,
    unlicensed=problems.CREATE_OWNER_UNLICENSED,
)


@record
class NewSpace:
    """What a create asks for; None is what was left out (no field is nullable, CONV-NULL)."""

    owner_id: str | None = None
    title: str | None = None
    public_uri: str | None = None
    description: str | None = None
    is_external_download_allowed: bool = True
    is_external_invite_allowed: bool = True
    is_external_upload_allowed: bool = False
    is_comment_allowed: bool = True
    is_search_ai_allowed: bool = True
    theme_id: str | None = None
    template_id: str | None = None


@record
class SpaceChanges:
    """What an update asks for; None is what was left out."""

    title: str | None = None
    description: str | None = None
    is_external_download_allowed: bool | None = None
    is_external_invite_allowed: bool | None = None
    is_external_upload_allowed: bool | None = None
    is_comment_allowed: bool | None = None
    is_search_ai_allowed: bool | None = None
    theme_id: str | None = None
    status: Status | None = None
    public_uri: str | None = None
    owner_id: str | None = None


def create(unit: Unit, caller: Caller, body: Parsed[NewSpace]) -> Space:
    """Create a space; what the body may not ask for (403) comes before what is wrong in it (400)."""
    require_plan(unit)
    # Of a faulty body too: what it may not ask for is told before what is wrong with it (CONV-ORDER).
    asked = body.partial()
    if asked is not None:
        _may_create(unit, caller, asked)
    request = body.require()
    unit.decide("CREATE-OK")
    # Faults against the state one at a time, in the order of the rules (CONV-META-ALL, assumed).
    owner = _owner(unit, caller, request)
    template = unit.store.get(TEMPLATES, request.template_id) if request.template_id is not None else None
    _title(request, template)
    _check_free(unit, request)
    _check_theme(unit, request.theme_id)
    _check_template(request, template)
    space = _new_space(unit, caller, request, owner, template)
    unit.put(SPACES, space)
    notify(unit, owner, space, organisation(unit).space_created)
    assert space.creation is not None
    emit_created(unit, space, space.creation.initiator)
    return space


def _may_create(unit: Unit, caller: Caller, request: NewSpace) -> None:
    # Oneself is no other owner (CREATE-OWNER-ADMIN).
    if request.owner_id not in (None, caller.user.id) and not caller.is_admin:
        raise problems.CREATE_OWNER_OTHER.error()
    _check_upload(unit, asked=request.is_external_upload_allowed)
    if request.template_id is not None and not organisation(unit).features.templates:
        raise problems.TEMPLATES_NOT_ACTIVATED.error()


def _check_upload(unit: Unit, *, asked: bool | None) -> None:
    if asked and not organisation(unit).features.collaborate_plus:
        raise problems.UPLOAD_NEEDS_ADDON.error()


def _owner(unit: Unit, caller: Caller, request: NewSpace) -> User:
    """Return the owner asked for; without one the requester (CREATE-OWNER-DEFAULT; API tokens must name one)."""
    owner_id = request.owner_id
    if owner_id is None:
        unit.decide("CREATE-OWNER-DEFAULT")
        owner_id = caller.user.id
    return eligible_owner(unit.store, owner_id, CREATE_OWNER, at="owner.userId")


def _title(request: NewSpace, template: Template | None) -> str:
    title = request.title or (template.space_title if template is not None else None)
    if title is None:
        raise problems.CREATE_TITLE_NEEDED.error(at="title")
    return title


def _check_free(unit: Unit, request: NewSpace) -> None:
    if request.public_uri is not None and unit.store.find(SPACES, "publicUri", request.public_uri) is not None:
        raise problems.CREATE_URI_TAKEN.error(at="publicUri", uri=request.public_uri)


def _check_theme(unit: Unit, theme_id: str | None) -> None:
    if theme_id is not None and unit.store.get(THEMES, theme_id) is None:
        raise problems.CREATE_THEME_UNKNOWN.error(at="theme.id", id=theme_id)


def _check_template(request: NewSpace, template: Template | None) -> None:
    if request.template_id is None:
        return
    if template is None:
        raise problems.CREATE_TEMPLATE_UNKNOWN.error(at="sharedSpaceTemplate.id", id=request.template_id)
    if not template.is_published:
        raise problems.CREATE_TEMPLATE_UNPUBLISHED.error(at="sharedSpaceTemplate.id", id=request.template_id)


def _new_space(unit: Unit, caller: Caller, request: NewSpace, owner: User, template: Template | None) -> Space:
    description, theme_id = request.description, request.theme_id
    if template is not None:  # CREATE-TEMPLATE-MERGE: only what the request left out
        unit.decide("CREATE-TEMPLATE-MERGE")
        # An empty description was given, so that it stays; an empty title cannot be given.
        description = description if description is not None else template.space_description
        theme_id = theme_id or template.space_theme_id
    if theme_id is None:
        unit.decide("SPACE-THEME")
    # Drawn after the last refusal, so that a refused create moves no later id.
    space_id, public_uri = unit.ids.hex32(), request.public_uri or _free_uri(unit)
    member = participant_of(owner, unit.ids.hex32(), unit.now)
    return Space(
        id=space_id,
        title=_title(request, template),
        public_uri=public_uri,
        status=Status.ACTIVE,
        description=description or "",
        is_external_download_allowed=request.is_external_download_allowed,
        is_external_invite_allowed=request.is_external_invite_allowed,
        is_external_upload_allowed=request.is_external_upload_allowed,
        is_comment_allowed=request.is_comment_allowed,
        is_search_ai_allowed=request.is_search_ai_allowed,
        created_at=unit.now,
        updated_at=unit.now,
        last_activity_at=unit.now,
        archived_at=None,
        owner_id=owner.id,
        creator_id=caller.user.id,
        theme_id=theme_id or global_theme_id(unit.store),
        template=TemplateRef(template.id, template.name) if template is not None else None,
        customer_logo=None,
        # Owners are members (ROLE-USER).
        participants=(member,),
        creation=_creation(unit, caller, member),
    )


def _creation(unit: Unit, caller: Caller, member: Participant) -> TimelineEntry:
    if caller.is_app:  # "always the case when creating a Shared Space", guide 000 says: also for an owner's API token
        return activity(unit, caller, None, "created the Shared Space")
    return activity(unit, caller, member if member.user_id == caller.user.id else None, "created the Shared Space")


def _free_uri(unit: Unit) -> str:
    unit.decide("CREATE-URI-AUTO")
    while True:
        uri = unit.ids.slug()
        if unit.store.find(SPACES, "publicUri", uri) is None:
            return uri


def get(unit: Unit, caller: Caller, space_id: str) -> Space:
    """Return a space; one that the caller may not see is told like one that does not exist (CONV-HIDE)."""
    space = existing_space(unit, space_id, problems.SPACE_UNKNOWN)
    if not may_see(unit.store, caller, space):
        raise problems.SPACE_HIDDEN.error(id=space_id)
    unit.decide("GET-OK")
    return space


def update(unit: Unit, caller: Caller, space_id: str, body: Parsed[SpaceChanges]) -> Space:
    """Change what is sent and nothing else (PATCH-OK); an update is no activity (SPACE-ACTIVITY)."""
    space = own_space(unit, caller, space_id, unknown=problems.PATCH_UNKNOWN, not_yours=problems.PATCH_NOT_YOURS)
    asked = body.partial()
    if asked is not None:
        _check_upload(unit, asked=asked.is_external_upload_allowed)
    request = body.require()
    # The same value is accepted (PATCH-URI-400, PATCH-OWNER, assumed): clients send back what they read.
    if request.public_uri not in (None, space.public_uri):
        raise problems.PATCH_URI_CHANGED.error(at="publicUri")
    if request.owner_id not in (None, space.owner_id):
        raise problems.PATCH_OWNER_CHANGED.error(at="owner.userId")
    _check_theme(unit, request.theme_id)
    unit.decide("PATCH-OK")
    changes = _changes(unit, space, request)
    # Only a change sets `updatedAt` (SPACE-ACTIVITY-SET, assumed): to send what is there already is none.
    if all(getattr(space, name) == value for name, value in changes.items()):
        if request == SpaceChanges():
            unit.decide("PATCH-EMPTY")
        return space
    changed = replace(space, **changes, updated_at=unit.now)
    unit.put(SPACES, changed)
    return changed


def _changes(unit: Unit, space: Space, request: SpaceChanges) -> dict[str, Any]:
    sent = given(request)  # publicUri and owner among it, which are as they were
    if request.status is Status.ARCHIVED:
        # Archiving again keeps the first time (PATCH-ARCHIVE-AGAIN, assumed).
        again = space.status is Status.ARCHIVED
        unit.decide("PATCH-ARCHIVE-AGAIN" if again else "PATCH-ARCHIVE")
        sent["archived_at"] = space.archived_at if again else unit.now
    elif request.status is Status.ACTIVE:
        unit.decide("PATCH-ARCHIVE-AGAIN")
        sent["archived_at"] = None
    return sent


def delete(unit: Unit, caller: Caller, space_id: str) -> None:
    """Delete a space and all it holds, for good (DELETE-GONE)."""
    space = own_space(unit, caller, space_id, unknown=problems.DELETE_UNKNOWN, not_yours=problems.DELETE_NOT_YOURS)
    deleted.keep(unit, space)
    # What it holds, too: nothing else would ever lead to them.
    for number in range(space.batches):
        unit.delete(BATCHES, batch_id(space.id, number))
    delete_timeline(unit, space)
    quick_actions.delete_of(unit, space)
    plan.delete_of(unit, space)
    crm.delete_of(unit, space)
    delete_invitations(unit, space)
    unit.delete(SPACES, space.id)
    unit.decide("DELETE-OK")
