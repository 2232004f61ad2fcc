"""Who sends too many requests (CONV-RATE). No number is published: a control API sets one, where there is any."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

from ...core import expect
from ...core.check import check
from ...core.exchange import Exchange
from ...core.violation import WrongForm
from ..client import Client
from ..control import Control

MOST, SECONDS = 3, 60


def asked(client: Client) -> Exchange:
    """Ask for something that everybody may see."""
    return client.admin.get("/shared-spaces", params={"limit": 1})


@check("CONV-RATE", "CONV-RATE-AFTER", writes=True)
def who_sends_too_many_requests_is_refused_for_a_while(client: Client) -> None:
    """CONV-RATE: with 429, and told when to come again (CONV-RATE-AFTER), whatever is asked for."""
    control, space_id = Control(client), client.space()["id"]
    with control.limited(MOST, SECONDS), client.session.hurrying():
        for _ in range(MOST):
            expect.status(asked(client), 200)
        for refused in (asked(client), client.admin.patch(f"/shared-spaces/{space_id}", {"title": "Too much"})):
            expect.refused(refused, 429)
            with expect.needed("when to come again", "CONV-RATE-AFTER"):
                when_to_come_again(refused)
        with control.later(SECONDS + 1):
            expect.status(asked(client), 200)


def when_to_come_again(refused: Exchange) -> None:
    """Require a Retry-After in one of its forms: seconds, or a date."""
    told = expect.member(refused.headers, "retry-after", of="the headers")
    if told.isascii() and told.isdigit():
        return
    try:
        parsedate_to_datetime(told)
    except ValueError:
        raise WrongForm("retry-after", expected="seconds or a date", received=told) from None
