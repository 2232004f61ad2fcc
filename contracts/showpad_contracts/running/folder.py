"""What the kit keeps beside the project it is used in: ./.showpad-contracts, with ledgers and the last results."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..core.events import Outcome, RunStarted, verdicts

FOLDER = Path(".showpad-contracts")
LAST = "last-run.json"


def made(folder: Path) -> Path:
    """Make the folder if need be, out of version control's sight, and give it."""
    folder.mkdir(parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
    return folder


def ledgers_of(folder: Path) -> Path:
    """Make the folder of the ledgers if need be, and give it."""
    ledgers = made(folder) / "ledgers"
    ledgers.mkdir(exist_ok=True)
    return ledgers


def remember(folder: Path, run: RunStarted, outcomes: Iterable[Outcome]) -> None:
    """Keep how each rule ended last, and how many requests its checks took; it is no loss where that cannot be."""
    ended = list(outcomes)
    before = last(folder)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    rules = {rule: {"verdict": word, "target": run.target, "at": at} for rule, word in verdicts(ended).items()}
    requests = {_key(one.check, run.profile): one.requests for one in ended if one.requests}
    answers = {run.base_url: run.answer_seconds} if run.answer_seconds else {}
    parts: dict[str, dict[str, Any]] = {"rules": rules, "requests": requests, "answers": answers}
    kept = {part: {**before.get(part, {}), **new} for part, new in parts.items()}
    try:
        file = made(folder) / LAST
        fresh = file.with_suffix(".new")
        fresh.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        # Whole or not at all: a run beside this one may read it meanwhile.
        fresh.replace(file)
    except OSError:
        pass  # a folder that cannot be written to ends no run


def last(folder: Path) -> Mapping[str, Mapping[str, Any]]:
    """Return what was kept: `rules` by id, `requests` by check and profile, `answers` by base URL; empty if none."""
    try:
        kept = json.loads((folder / LAST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def measured(folder: Path, check: str, profile: str) -> int | None:
    """Return how many requests a check took last under a profile."""
    requests = last(folder).get("requests", {}).get(_key(check, profile))
    return requests if isinstance(requests, int) else None


def answer_seconds(folder: Path, base_url: str) -> float | None:
    """Return how long a target took for an answer when it was last measured."""
    seconds = last(folder).get("answers", {}).get(base_url)
    return seconds if isinstance(seconds, float) else None


def _key(check: str, profile: str) -> str:
    return f"{check}:{profile}"
