"""A run as one JSON document, for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ..core.events import Outcome, ReportedViolation, RunEnded, RunStarted, WholeReport, tally
from .stories import Broken, Story, by_outcome, conclusion, stories

FORM = 2  # raised when a member changes its meaning


class JsonReport(WholeReport):
    """Writes the document when the run is over."""

    def _write(self, run: RunStarted, outcomes: Sequence[Outcome], ended: RunEnded) -> None:
        json.dump(document(run, outcomes, ended), self._out, indent=1)
        self._out.write("\n")


def document(run: RunStarted, outcomes: Sequence[Outcome], ended: RunEnded) -> dict[str, Any]:
    """Return the document."""
    told = stories(outcomes)
    others = by_outcome(told)
    return {
        "form": FORM,
        "target": run.target,
        "baseUrl": run.base_url,
        "profile": run.profile,
        "seed": run.seed,
        "seconds": round(ended.seconds, 3),
        "requests": ended.requests,
        "stopped": ended.stopped,
        "leftBehind": list(ended.left_behind),
        "rules": tally(outcomes),
        "conclusion": conclusion(run, outcomes),
        "stories": [_story(one) for one in told],
        "outcomes": [_outcome(one, run, others.get(id(one))) for one in outcomes],
    }


def _story(story: Story) -> dict[str, Any]:
    also = [{"rule": one.rule.id, "check": one.check, "verdict": one.verdict} for one in story.others]
    return {"rule": story.told.rule.id, "check": story.told.check, "verdict": story.told.verdict, "also": also}


def _outcome(outcome: Outcome, run: RunStarted, told_as: Story | None) -> dict[str, Any]:
    rule = outcome.rule
    told: dict[str, Any] = {
        "rule": rule.id,
        "level": str(rule.level),
        "source": rule.source,
        "sentence": rule.sentence,
        "check": outcome.check,
        "verdict": outcome.verdict,
        "seconds": round(outcome.seconds, 3),
        "requests": outcome.requests,
    }
    if isinstance(outcome, Broken):
        told["breach"] = _short(outcome.violation, run)
        told["breach"] |= _shown(outcome.violation) if told_as is None else {"sameAs": _place(told_as)}
    elif (reason := getattr(outcome, "reason", None)) is not None:
        told["reason"] = reason
    return told


def _place(story: Story) -> dict[str, str]:
    return {"rule": story.told.rule.id, "check": story.told.check}


def _short(violation: ReportedViolation, run: RunStarted) -> dict[str, Any]:
    return {
        "title": violation.title,
        "what": violation.what,
        "expected": violation.expected,
        "received": violation.received,
        "replay": violation.replay,
        "replayLine": violation.replay_line(run),
    }


def _shown(violation: ReportedViolation) -> dict[str, Any]:
    return {
        "curl": list(violation.curl),
        "exchanges": [
            {
                "method": one.method,
                "path": one.path,
                "actor": one.actor,
                "sent": one.sent_text,
                "status": one.status,
                "headers": dict(one.headers),
                "received": one.text,
                "seconds": round(one.seconds, 3),
            }
            for one in violation.exchanges
        ],
    }
