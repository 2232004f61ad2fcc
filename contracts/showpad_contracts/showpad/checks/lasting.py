"""Lasting: what was changed stays so whatever is written next, to the same space, to another one, or anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ...core import expect
from ...core.check import Check
from ..client import Client
from ..stateful.model import Space
from ..stateful.story import Story
from ..strategies.spaces import UNUSUAL
from .shares import share

FOLDER = {"type": "folder", "name": "Folder"}
Act = Callable[[Story, Space], Space]
"""Changes a space, or another in its stead; returns the one that was changed."""


def _update(story: Story, space: Space) -> Space:
    switched = not space.fields["isCommentAllowed"]
    title = f"{story.mark}{story.client.session.fresh_mark()}"
    story.change(space, story.admin, {"title": title, "isCommentAllowed": switched})
    return space


def _describe(story: Story, space: Space) -> Space:
    story.change(space, story.admin, {"description": f"Written as {story.client.session.fresh_mark()}"})
    return space


def _archive(story: Story, space: Space) -> Space:
    if space.is_gone or not space.is_archived:
        story.change(space, story.admin, {"status": "ARCHIVED"})
    return space


def _archive_anew(story: Story, _: Space) -> Space:
    return _archive(story, story.create("owner", story.admin))


def _transfer(story: Story, space: Space) -> Space:
    people = [story.who(name).person.user_id for name in ("owner", "participant")]
    story.hand_over(space, story.admin, {"userId": next(one for one in people if one != space.owner)})
    return space


def _fill(story: Story, space: Space) -> Space:
    if space.is_gone or not space.is_archived:  # whether an archived space takes items is assumed
        story.fill(space, story.admin, {"items": [FOLDER]})
    return space


def _create(story: Story, _: Space) -> Space:
    return story.create("owner", story.admin)


def _delete(story: Story, _: Space) -> Space:
    space = story.create("owner", story.admin)
    story.remove(space, story.admin)
    return space


def _share(story: Story, space: Space) -> Space:
    share(story.client)
    return space


CHANGES: Mapping[str, Act] = {
    "CREATE-OK": _create,
    "PATCH-OK": _update,
    "PATCH-ARCHIVE": _archive_anew,
    "TRANSFER-OK": _transfer,
    "DELETE-GONE": _delete,
}
"""Rule -> the change that must last."""
TO_THE_SAME: tuple[Act, ...] = (_describe, _fill, _transfer, _archive)
TO_ANOTHER: tuple[Act, ...] = (_update, _fill, _transfer, _archive, _create, _delete)
ALL = (*((act, True) for act in TO_THE_SAME), *((act, False) for act in TO_ANOTHER))
"""What is written next, and whether to the space that was changed."""
REQUESTS = 10
"""About how many requests a change and what is written next take."""


def _lasts(story: Story, change: Act, nexts: Sequence[tuple[Act, bool]]) -> None:
    space = story.create("owner", story.admin, **UNUSUAL)
    other = story.create("participant", story.admin, **UNUSUAL)
    for act, is_same in nexts:
        # Not while the next change is made: what is wrong then, is wrong by that change.
        story.lasting = None
        story.lasting = changed = change(story, space)
        act(story, changed if is_same else other)
        story.look_at(changed, other)
        story.list_all()


def _check(rule: str, nexts: Sequence[tuple[Act, bool]], *, shares: bool) -> Check[Client]:
    change = CHANGES[rule]

    def run(client: Client) -> None:
        with expect.needed("what is written next", rule):
            _lasts(Story(client, rule), change, nexts)

    what = "a_share" if shares else "whatever_is_written_next"
    name = f"what_{change.__name__.removeprefix('_')}_did_outlasts_{what}"
    requests = (len(nexts) + 1) * REQUESTS
    return Check(name=name, rules=(rule,), run=run, writes=True, shares=shares, requests=requests)


LASTING = (
    *(_check(rule, ALL, shares=False) for rule in CHANGES),
    *(_check(rule, [(_share, False)], shares=True) for rule in CHANGES),
)
