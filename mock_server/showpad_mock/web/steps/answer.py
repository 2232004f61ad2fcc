"""The answer: a refusal rendered, and the headers in which the mock speaks of its own answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ...core.refusals import Refusal
from ...state.tenants import Tenants
from ..call import Call
from ..render import Answer, Occurrence, RulesHeader, ignored_header, problem_answer
from ..vendor import Vendor


class MakeAnswer:
    """Renders what was refused and labels every answer with what decided it."""

    def __init__(self, vendors: Sequence[Vendor], tenants: Tenants) -> None:
        self._tenants = tenants
        self._rules_header = RulesHeader({rule: level for vendor in vendors for rule, level in vendor.levels.items()})
        self.decided: Counter[str] = Counter()
        """How many answers each rule has decided since the start."""

    def __call__(self, call: Call) -> None:
        """Complete the call's answer."""
        answer = call.answer
        if call.refusal is not None:
            answer = call.answer = self._refused(call, call.refusal)
        assert answer is not None
        if call.rules:
            for rule in call.rules:
                self.decided[rule] += 1
            answer.headers.append((b"x-mock-rules", self._rules_header.write(call.rules)))
        if call.ignored.names:
            answer.headers.append((b"x-mock-ignored", ignored_header(call.ignored)))
        if call.vendor is not None:
            answer.headers += call.vendor.headers(call)
            # Refusals too: without these headers a web page could not read why it was refused.
            if (origin := call.header(b"origin")) is not None:
                answer.headers += call.vendor.cross_origin(call, origin)

    def _refused(self, call: Call, refusal: Refusal) -> Answer:
        call.rules, call.detail = refusal.rules, refusal.detail
        render = call.vendor.problem if call.vendor is not None else problem_answer
        return render(refusal, self._occurrence(call))

    def _occurrence(self, call: Call) -> Occurrence:
        if call.tenant is None:
            return Occurrence(None, self._tenants.seed.clock.now())
        # Drawn from the tenant's own chance, so that another tenant's refusals move none of its ids.
        return Occurrence(self._tenants.problem_id(call.tenant), call.tenant.clock.now())
