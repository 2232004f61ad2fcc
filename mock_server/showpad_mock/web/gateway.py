"""The way of every vendor request, in named steps.

What the mock alone refuses (unknown path, wrong method, body too large) comes before the vendor's 401.
A step that adds something, a fault or a limit, is one file in `steps` and one line here.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import ClientDisconnect

from ..core.journal import Journal
from ..core.refusals import Problem, Refusal
from ..state.tenants import Tenants
from .call import Call, Receive, Scope, Send
from .render import problem_answer
from .steps import Step
from .steps.answer import MakeAnswer
from .steps.authenticate import Authenticate
from .steps.compose import compose
from .steps.fault import AnswerUnderFault, ChooseFault, MeetFault, no_fault
from .steps.keep import Keep, KeptSteps
from .steps.local_links import local_links
from .steps.match import Match
from .steps.prepare import Prepare
from .steps.read import read
from .steps.record import Record
from .steps.transaction import Transaction
from .vendor import Vendor

BROKEN = Problem(
    "", 500, "/mock-server/internal-error", "Internal Server Error", "The mock itself failed; its log tells where."
)

logger = logging.getLogger("showpad_mock")


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayOptions:
    """Whether what means nothing is refused, whether a log keeps tenants, whether links are told as local ones.

    And how faults are chosen.
    """

    strict: bool = False
    local_links: bool = False
    in_log: bool = False
    choose_fault: ChooseFault = no_fault


class Gateway:
    """Answers every request to the vendors' routes."""

    def __init__(self, vendors: Sequence[Vendor], tenants: Tenants, journal: Journal, options: GatewayOptions) -> None:
        self._strict, choose = options.strict, options.choose_fault
        match, answer = Match(vendors), MakeAnswer(vendors, tenants)
        authenticate, transaction = Authenticate(tenants, match.allowed), Transaction(tenants)
        prepare = Prepare()
        unit_of_work = (authenticate, MeetFault(choose), prepare, transaction)
        keep = Keep(tenants, KeptSteps(authenticate, choose, prepare, transaction))
        self.decided: Counter[str] = answer.decided
        # `read` is first, so that the journal shows what was sent to a wrong path.
        self.take(
            read,
            match,
            # Where a log keeps tenants, these run on the newest copy, and again where another server was faster.
            *((keep,) if options.in_log else unit_of_work),
            compose,
            answer,
            *((local_links,) if options.local_links else ()),
            AnswerUnderFault(answer),
            Record(journal),
        )

    def take(self, *steps: Step) -> None:
        """Take every request through these steps from now on; a refusal goes on at MakeAnswer."""
        self.steps = steps
        # A refusal skips what asks and still gets its headers and its entry in the journal.
        asked = next(place for place, step in enumerate(steps) if isinstance(step, MakeAnswer))
        self._asking, self._answering = steps[:asked], steps[asked:]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        call = Call(scope, receive, strict=self._strict)
        try:
            for step in self._asking:
                # Most steps never wait: to await them all the same would cost every request.
                if (waiting := step(call)) is not None:
                    await waiting
        except ClientDisconnect:
            return  # half a request asks for nothing, and nobody is there to be answered
        except Refusal as refusal:
            # Its traceback would hold the frames that hold the call: memory that only a full collection gives back.
            call.refusal = refusal.with_traceback(None)
        except Exception:
            _break(call)
        await self._answer(call)
        assert call.answer is not None
        await call.answer(scope, receive, send)

    async def _answer(self, call: Call) -> None:
        for step in self._answering:
            try:
                if (waiting := step(call)) is not None:
                    await waiting
            except Exception:  # whatever it is: the exchange is answered, and recorded
                _break(call)


def _break(call: Call) -> None:
    """Answer that the mock itself failed, and let its log tell where."""
    # %r: a path may hold line breaks, which would forge lines of the log.
    logger.exception("%s %r failed", call.method, call.path)
    call.refusal, call.answer = None, problem_answer(BROKEN.error())
