"""Right the first time and wrong the second: what is asked twice fails, is merged, or is not done again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from ..acting import actor, as_admin_asks
from ..items import every_item, items
from ..tampering import answer_problem
from ..wrapping import App, Ask, Broken, Seen, Wrong
from .memory import Before, fields, space_id, space_path
from .table import CHANGEABLE, CREATE, DELETE, FILL, HAND_OVER, SHARE, UPDATE, Operation

KIND = "twice"
Key = Callable[[Seen], str]


def same_path(seen: Seen) -> str:
    """Tell requests apart by what they are about."""
    return seen.path


def same_body(seen: Seen) -> str:
    """Tell requests apart by what they are about and ask for."""
    return f"{seen.path} {json.dumps(seen.body, sort_keys=True)}"


def same_caller(seen: Seen) -> str:
    """Tell requests apart by who asks."""
    return f"{actor(seen)}"


def same_title(seen: Seen) -> str:
    """Tell requests apart by their titles."""
    return str(seen.body.get("title")) if isinstance(seen.body, dict) else ""


class SecondFails(Wrong):
    """Refuses the second request that is like one before."""

    def __init__(self, right: App, *, operation: Operation, key: Key, status: int = 400) -> None:
        super().__init__(right)
        self.operation, self.key, self.status = operation, key, status
        self.done: set[str] = set()

    async def before(self, seen: Seen, ask: Ask) -> None:
        if self.operation.asked(seen) and self.key(seen) in self.done:
            answer_problem(seen, self.status)

    async def after(self, seen: Seen, ask: Ask) -> None:
        if self.operation.done(seen):
            self.done.add(self.key(seen))


class SecondAnswersTheFirst(Wrong):
    """Answers the second request as it answered the first, and does nothing."""

    def __init__(self, right: App, *, operation: Operation, key: Key) -> None:
        super().__init__(right)
        self.operation, self.key = operation, key
        self.answers: dict[str, Any] = {}

    async def before(self, seen: Seen, ask: Ask) -> None:
        if self.operation.asked(seen) and self.key(seen) in self.answers:
            seen.status, seen.answer = self.operation.success, self.answers[self.key(seen)]
            seen.answer_headers = [(b"content-type", b"application/json")]

    async def after(self, seen: Seen, ask: Ask) -> None:
        if self.operation.done(seen):
            self.answers.setdefault(self.key(seen), json.loads(json.dumps(seen.answer)))


class SecondIsIgnored(Before):
    """Says of the second change to a space that it was done, and keeps the first."""

    def __init__(self, right: App, *, operation: Operation) -> None:
        super().__init__(right, operation)
        self.operation = operation
        self.changed: set[str] = set()

    async def after(self, seen: Seen, ask: Ask) -> None:
        if not self.operation.done(seen):
            return
        again = space_id(seen) in self.changed
        self.changed.add(space_id(seen))
        if self.remember(seen) and again:
            old = self.states[space_id(seen)]
            if self.operation is HAND_OVER:
                await as_admin_asks(seen, ask, "POST", seen.path, old["owner"])
            else:
                await as_admin_asks(seen, ask, "PATCH", seen.path, fields(old, CHANGEABLE))


class SecondCreateIsTheFirst(Wrong):
    """Takes a create with a title that is there for one of the space that has it."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.made: dict[str, str] = {}

    async def before(self, seen: Seen, ask: Ask) -> None:
        if CREATE.asked(seen) and same_title(seen) in self.made:
            status, space = await as_admin_asks(seen, ask, "GET", f"/shared-spaces/{self.made[same_title(seen)]}")
            if status == 200:
                seen.status, seen.answer = 201, space
                seen.answer_headers = [(b"content-type", b"application/json")]

    async def after(self, seen: Seen, ask: Ask) -> None:
        if CREATE.done(seen):
            self.made.setdefault(same_title(seen), seen.answer["id"])


class DeletedTwice(Wrong):
    """Deletes the second time as it did the first."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.gone: set[str] = set()

    async def after(self, seen: Seen, ask: Ask) -> None:
        if DELETE.done(seen):
            self.gone.add(seen.path)
        elif DELETE.asked(seen) and seen.status == 404 and seen.path in self.gone:
            seen.status, seen.answer = 204, None


class SecondAssetFails(Wrong):
    """Tells an asset as failed that the space holds already, or that the same request names twice."""

    def __init__(self, right: App, *, in_request: bool) -> None:
        super().__init__(right)
        self.in_request = in_request
        self.held: dict[str, set[str]] = {}

    async def after(self, seen: Seen, ask: Ask) -> None:
        if not FILL.done(seen):
            return
        failed = {one["assetId"] for one in seen.answer["failedItems"]}
        sent = [str(one.get("assetId")) for one in every_item(items(seen)) if one.get("type") == "asset"]
        held = set() if self.in_request else set(self.held.setdefault(space_path(seen), set()))
        again = []
        for asset in sent:
            if asset in held and asset not in failed:
                again.append(asset)
            if self.in_request:
                held.add(asset)
        self.held.setdefault(space_path(seen), set()).update(sent)
        seen.answer["failedItems"] += [{"type": "asset", "assetId": one, "reason": "ARCHIVED"} for one in again]
        seen.answer["summary"]["assetFailureCount"] += len(again)
        seen.answer["summary"]["assetSuccessCount"] -= len(again)


class SecondFolderIsRefused(Wrong):
    """Refuses a folder whose name the space has."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.names: dict[str, set[str]] = {}

    async def after(self, seen: Seen, ask: Ask) -> None:
        if not FILL.done(seen):
            return
        names = {str(one.get("name")) for one in every_item(items(seen)) if one.get("type") == "folder"}
        if names & self.names.get(space_path(seen), set()):
            answer_problem(seen, 400)
        self.names.setdefault(space_path(seen), set()).update(names)


class SameAgainIsRefused(Wrong):
    """Refuses an update that changes nothing."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        if UPDATE.asked(seen) and isinstance(seen.body, dict) and seen.body:
            _, now = await as_admin_asks(seen, ask, "GET", seen.path)
            if isinstance(now, dict) and all(now.get(name) == value for name, value in seen.body.items()):
                answer_problem(seen, 400)


def _twice() -> Iterator[Broken]:
    for operation, rule, key, what in (
        (CREATE, "CREATE-OK", same_title, "a create with a title that is there"),
        (CREATE, "CREATE-OK", same_caller, "the second create of the same requester"),
        (UPDATE, "PATCH-OK", same_path, "the second update of a space"),
        (UPDATE, "PATCH-OK", same_body, "the same update again"),
        (HAND_OVER, "TRANSFER-OK", same_path, "the second transfer of a space"),
        (FILL, "ITEMS-OK", same_path, "the second addition to a space"),
        (FILL, "ITEMS-TWICE", same_body, "the same items again"),
        (SHARE, "SHARE-OK", same_title, "a Share with a title that was used"),
        (SHARE, "SHARE-OK", same_body, "the same Share again"),
    ):
        make: Any = partial(SecondFails, operation=operation, key=key)
        yield Broken(rule, f"{what} is refused", make, KIND)
    for operation, rule, key, what in (
        (UPDATE, "PATCH-OK", same_path, "the second update of a space"),
        (SHARE, "SHARE-OK", same_body, "the same Share again"),
        (SHARE, "SHARE-OK", same_title, "a Share with a title that was used"),
        (FILL, "ITEMS-ANSWER", same_path, "the second addition to a space"),
    ):
        make = partial(SecondAnswersTheFirst, operation=operation, key=key)
        yield Broken(rule, f"{what} is answered as the first was", make, KIND)
    for operation, rule in ((UPDATE, "PATCH-OK"), (HAND_OVER, "TRANSFER-OK")):
        make = partial(SecondIsIgnored, operation=operation)
        yield Broken(rule, f"{operation.name} is not kept the second time", make, KIND)
    yield Broken(
        "CREATE-OK", "a create with a title that is there answers with that space", SecondCreateIsTheFirst, KIND
    )
    yield Broken("DELETE-GONE", "a second deletion succeeds as the first did", DeletedTwice, KIND)
    yield Broken("PATCH-OK", "an update that changes nothing is refused", SameAgainIsRefused, KIND)
    for where, in_request in (("the space holds already", False), ("the request names twice", True)):
        make = partial(SecondAssetFails, in_request=in_request)
        yield Broken("ITEMS-TWICE", f"an asset fails that {where}", make, KIND)
    yield Broken("ITEMS-SAME-NAME", "a folder whose name the space has is refused", SecondFolderIsRefused, KIND)


BROKEN = tuple(_twice())
