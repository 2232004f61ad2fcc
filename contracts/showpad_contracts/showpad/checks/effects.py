"""Effects: whatever succeeds has changed what it says, at once and to stay, for everybody and in every list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...core import expect
from ...core.check import Check
from ..client import Client
from ..stateful.cast import NOBODY
from ..stateful.story import Story
from ..strategies.spaces import UNUSUAL, within

FOLDER = {"type": "folder", "name": "Folder"}
CHANGED: Mapping[str, tuple[Any, Any]] = {
    "title": ("another", "a third"),
    "description": ("Another one", ""),
    "isExternalDownloadAllowed": (True, False),
    "isExternalInviteAllowed": (True, False),
    "isExternalUploadAllowed": (False, True),
    "isCommentAllowed": (True, False),
    "isSearchAIAllowed": (True, False),
    "theme": ("global_theme", "other_theme"),
}
"""What an update changes, first and then once more. The titles sort before those that spaces are created with."""


def creating(story: Story) -> None:
    """Two spaces, one after the other."""
    story.begin(0)
    story.create("owner", story.admin, **UNUSUAL)
    story.look_around()
    story.create("owner", story.who("owner"))
    story.look_around()


def creating_in_person(story: Story) -> None:
    """Whoever creates in person is the owner."""
    story.begin(0)
    for _ in range(2):
        story.make(story.who("owner", in_person=True), story.body({"description": "Told"}, "in person"))
        story.look_around()


def updating(story: Story) -> None:
    """Everything at once, then another space, then everything once more."""
    space, other = story.begin(1)
    for by, place in (("owner", 0), ("admin", 1)):
        story.change(space, story.who(by, in_person=True), _all_changes(story, place))
        story.look_around()
        story.change(space, story.who(by), _all_changes(story, place))  # the same again
        story.change(other, story.admin, {"description": f"Another {place}"})
        story.look_around()


def _all_changes(story: Story, place: int) -> dict[str, Any]:
    changes = {name: values[place] for name, values in CHANGED.items()}
    return within(story.client.target, {**changes, "title": f"{story.mark}{changes['title']}"})


def updating_one_by_one(story: Story) -> None:
    """Each member alone, back and forth."""
    space, _ = story.begin(1)
    for place in range(2):
        for name, value in _all_changes(story, place).items():
            story.change(space, story.who("owner"), {name: value})
            story.list_all()
        story.look_around()


def archiving(story: Story) -> None:
    """Two spaces, one after the other."""
    *spaces, _ = story.begin(2)
    for space in spaces:
        story.change(space, story.who("owner"), {"status": "ARCHIVED"})
        story.look_around()


def activating(story: Story) -> None:
    """Back from the archive."""
    space, _ = story.begin(1)
    for status in ("ARCHIVED", "ACTIVE", "ARCHIVED", "ACTIVE"):
        story.change(space, story.who("owner"), {"status": status})
    story.look_around()


def transferring(story: Story) -> None:
    """There and back again, another space changed in between."""
    space, other = story.begin(1)
    for by, to in (("owner", "participant"), ("admin", "owner")):
        story.hand_over(space, story.who(by), {"userId": story.who(to).person.user_id})
        story.look_around(everywhere=True)  # whose a space is most filters go by
        story.change(other, story.admin, {"description": f"Beside {to}"})
        story.look_around()


def deleting(story: Story) -> None:
    """Several, by whoever may; what is written afterwards brings none back."""
    *spaces, other = story.begin(3)
    for space, by, in_person in zip(spaces, ("owner", "admin", "owner"), (False, False, True), strict=True):
        story.remove(space, story.who(by, in_person=in_person))
        story.look_around()
        story.change(other, story.admin, {"description": f"Beside {space.id}"})
        story.change(space, story.admin, {"description": "Back again?"})
        story.look_around()


def filling(story: Story) -> None:
    """Items change nothing but the times."""
    space, _ = story.begin(1)
    for by in ("owner", "admin"):
        story.fill(space, story.who(by), {"items": [FOLDER, {"type": "asset", "assetId": NOBODY}]})
        story.look_around()


STORIES: Mapping[tuple[str, ...], Callable[[Story], None]] = {
    ("CREATE-OK",): creating,
    ("CREATE-OWNER-DEFAULT",): creating_in_person,
    ("PATCH-OK", "PATCH-FIELDS"): updating,
    ("PATCH-FIELDS", "PATCH-OK"): updating_one_by_one,
    ("PATCH-ARCHIVE",): archiving,
    ("PATCH-ARCHIVE-AGAIN",): activating,
    ("TRANSFER-OK",): transferring,
    ("DELETE-GONE", "DELETE-OK"): deleting,
    ("ITEMS-OK",): filling,
}
"""Rules -> a story; the first is the one that a wrong view afterwards breaks."""


def _check(rules: tuple[str, ...], told: Callable[[Story], None]) -> Check[Client]:
    def run(client: Client) -> None:
        # A violation of another rule on the way is that rule's, and leaves this check's own inconclusive.
        with expect.needed("what is done in it", rules[0]):
            told(Story(client, rules[0]))

    return Check(
        name=f"{told.__name__}_shows_at_once_and_to_everybody", rules=rules, run=run, writes=True, requests=200
    )


EFFECTS = tuple(_check(rules, told) for rules, told in STORIES.items())
