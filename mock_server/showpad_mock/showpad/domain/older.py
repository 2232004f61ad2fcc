"""What snapshots of older versions lack, filled in as it then was.

Up to version 2 assets showed less, a theme or template needed no division, and a template was for everybody. Up to
version 4 a space held its timeline, up to version 5 a plan its milestones and actions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

UNKNOWN_FILE = ("current_file_id", "url", "checksum", "size", "duration", "word_count")


def upgrade_asset(asset: dict[str, Any], version: int, _: Mapping[str, Any]) -> None:
    """Add what an asset shows since version 3."""
    if version < 3:
        asset.update(dict.fromkeys(UNKNOWN_FILE), is_division_shared=False, is_sensitive=False)
        asset.update(author_ids=[], downloadable_external=[], downloadable_internal=[])
        asset["slug"] = asset.get("slug") or asset.get("handle")
        asset["status"] = "active" if asset.get("status") == "READY" else asset.get("status")


def upgrade_theme(theme: dict[str, Any], version: int, records: Mapping[str, Any]) -> None:
    """Give a theme the division and the text that each has since version 3."""
    if version < 3:
        theme["about_description"] = theme.get("about_description") or ""
        if not theme.get("is_global"):
            theme["division_id"] = theme.get("division_id") or _first_id(records, "divisions")


def upgrade_template(template: dict[str, Any], version: int, records: Mapping[str, Any]) -> None:
    """Give a template the division, the theme and the users that each has since version 3."""
    if version < 3:
        global_themes = [theme for theme in _all(records, "themes") if theme.get("is_global")]
        template["description"] = template.get("description") or ""
        template["division_id"] = template.get("division_id") or _first_id(records, "divisions")
        template["space_theme_id"] = template.get("space_theme_id") or _first_id({"themes": global_themes}, "themes")
        template.update(user_ids=[user.get("id") for user in _all(records, "users")], user_group_ids=[])


def upgrade_space(space: dict[str, Any], version: int, records: Mapping[str, Any]) -> None:
    """Make records of a space's timeline, which it held up to version 4."""
    entries, dropped, activities = space.get("timeline"), space.get("timeline_dropped"), records.get("activities")
    if version < 5 and isinstance(entries, list) and isinstance(dropped, int) and isinstance(activities, list):
        del space["timeline"], space["timeline_dropped"]
        space.update(creation=None, activities=dropped + len(entries))
        numbered = enumerate(entries, dropped)
        activities.extend(
            {"id": f"{space.get('id')}/{number}", "entry": entry, "former_owner_id": None} for number, entry in numbered
        )
        _date_participants(space, entries)


def _date_participants(space: dict[str, Any], entries: list[Any]) -> None:
    """Say since when people take part: the creation of the space, since nothing tells another time."""
    space.update(creator_id=space.get("owner_id"), left=[])
    dated = {"granted_at": space.get("created_at"), "last_activity_at": None}
    initiators = [entry["initiator"] for entry in _objects(entries) if isinstance(entry.get("initiator"), dict)]
    for one in _objects([*_listed(space, "participants"), *(who.get("participant") for who in initiators)]):
        one.update(dated)


def upgrade_batch(batch: dict[str, Any], version: int, records: Mapping[str, Any]) -> None:
    """Say who added items, and when: the owner with the creation, since nothing tells more."""
    if version < 5:
        space_id = str(batch.get("id")).rpartition("/")[0]
        space = next((one for one in _all(records, "spaces") if one.get("id") == space_id), {})
        batch.update(user_id=space.get("owner_id", ""), added_at=space.get("created_at", 0))


def upgrade_plan(plan: dict[str, Any], version: int, records: Mapping[str, Any]) -> None:
    """Make records of a plan's milestones, actions and assignees, which it held up to version 5."""
    if version < 6:
        milestones, within = _objects(_listed(plan, "milestones")), {"plan_id": plan.get("id")}
        plan.pop("milestones", None)
        plan["milestone_ids"] = [one.get("id") for one in milestones]
        for milestone in milestones:
            actions = _objects(_listed(milestone, "actions"))
            milestone.pop("actions", None)
            milestone.update(within, action_ids=[one.get("id") for one in actions])
            for action in actions:
                _take_assignees(action, {**within, "action_id": action.get("id")}, records)
                action.update(within, milestone_id=milestone.get("id"))
            _listed(records, "actions").extend(actions)
        _listed(records, "milestones").extend(milestones)


def _take_assignees(action: dict[str, Any], within: Mapping[str, Any], records: Mapping[str, Any]) -> None:
    assignees = _objects(_listed(action, "assignees"))
    action.pop("assignees", None)
    for number, assignee in enumerate(assignees):
        assignee.update(within, number=number)
    _listed(records, "assignees").extend(assignees)


def _listed(record: Mapping[str, Any], name: str) -> list[Any]:
    some = record.get(name)
    return some if isinstance(some, list) else []


def _objects(some: Iterable[Any]) -> list[dict[str, Any]]:
    return [one for one in some if isinstance(one, dict)]


def _all(records: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    some = records.get(name)
    return _objects(some) if isinstance(some, list) else []


def _first_id(records: Mapping[str, Any], name: str) -> Any:
    return next((one.get("id") for one in _all(records, name)), None)
