"""All effects on calls, one a file. A new one is its file, and its line here."""

from __future__ import annotations

from collections.abc import Mapping

from . import (
    close_after,
    close_before,
    close_midway,
    delay,
    drip,
    empty_body,
    lost_answer,
    malformed_json,
    nothing,
    problem,
    rate_limited,
    reset,
    status,
    truncated_page,
    wrong_content_type,
)
from .effect import Effect

EFFECTS: Mapping[str, Effect] = {
    effect.kind: effect
    for effect in (
        problem.PROBLEM,
        status.STATUS,
        rate_limited.RATE_LIMITED,
        delay.DELAY,
        drip.DRIP,
        close_before.CLOSE_BEFORE,
        close_midway.CLOSE_MIDWAY,
        close_after.CLOSE_AFTER,
        lost_answer.LOST_ANSWER,
        reset.RESET,
        malformed_json.MALFORMED_JSON,
        empty_body.EMPTY_BODY,
        wrong_content_type.WRONG_CONTENT_TYPE,
        truncated_page.TRUNCATED_PAGE,
        nothing.NOTHING,
    )
}
