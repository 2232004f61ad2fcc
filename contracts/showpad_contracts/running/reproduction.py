"""A sequence of exchanges as lines for a shell, with which anybody sees again what the kit saw.

They can be pasted or run as often as one likes: what they create bears another mark each time, ids are taken from the
answers, a step that has to succeed and fails ends them, and what they created is deleted. They need a POSIX shell, curl
and sed: who is sent a report need not have Python or jq.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..core.exchange import NOTHING, Exchange, body_text
from ..core.target import credential, is_whole, origin
from ..transport.redaction import REDACTED

LEAST_MARK = 24  # characters: enough for the time and the process, which no two runs have in common
# -g and --path-as-is: curl would read brackets as a range, and resolve "..", which may be the point of a request.
SEND = (
    r"""send() { echo "$2 $3"; ANSWER=$(curl -sSg --path-as-is -w '\nHTTP %{http_code}' "$@"); """
    r"""printf '%s\n' "$ANSWER"; }"""
)
MUST = (
    r"""must() { send "$@"; case $ANSWER in *'HTTP 2'??) ;; """
    r"""*) echo "$2 $3 failed: the steps after it are left out" >&2; exit 1 ;; esac; }"""
)
# Every text is cut to its first word, then what is nested is taken out: what is left has one "id" at most.
READ_ID = (
    r"""read_id() { case $ANSWER in *'HTTP 2'??) printf '%s\n' "$ANSWER" | tr -s '\t\r\n' ' ' | LC_ALL=C sed -n """
    r"""-e 's/"\([A-Za-z0-9_-]*\)[^"\\]*\(\\.[^"\\]*\)*"/"\1"/g' -e ':a' -e 's/\(.\)[[{][^][{}]*[]}]/\1/' -e 'ta' """
    r"""-e 's/.*"id" *: *"\([^"]*\)".*/\1/p' -e 's/.*"id" *: *\([0-9][0-9]*\).*/\1/p' | grep . ;; *) return 1 ;; """
    r"""esac; }"""
)
READ_END = (
    r"""read_end() { printf '%s\n' "$ANSWER" | tr -s '\t\r\n' ' ' | LC_ALL=C sed -n """
    r"""'s/.*"'"$1"'" *: *"[^"]*\/\([A-Za-z0-9_-]*\)".*/\1/p' | grep .; }"""
)
ADDRESS = re.compile(r"https?://[^\s?#]*/([A-Za-z0-9_-]{8,})")
NAME = re.compile("[A-Za-z]+")
SECRET = "# What stands as [token] in these lines is a secret: put yours in its place."
NO_ID = "|| { echo 'no id in the answer: the steps after it are left out' >&2; exit 1; }"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where a sequence was seen: the address, who holds which token, and the mark of the run in what it created.

    `variables` names the environment variable of each actor's token, `defaults` has the tokens that are no secret;
    `undone_by` is who deletes what was created, None
    for who created it. `collections` are the paths under which a POST creates what a DELETE of its id takes away.
    """

    base_url: str
    mark: str
    variables: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    undone_by: str | None = None
    collections: Collection[str] = ()
    key_header: str | None = None
    seen_at: str = ""
    """The base URL of the run, where that is another one by now."""

    def address(self, path: str) -> str:
        """Return a whole address as it is now."""
        was, now = origin(self.seen_at or self.base_url), origin(self.base_url)
        return now + path.removeprefix(was) if path.startswith(f"{was}/") else path

    def bearing(self, actor: str) -> str:
        """Return the header with the actor's token, as the shell reads it."""
        name, before = credential(self.key_header, oauth=actor.endswith("/oauth"))
        return f'"{name}: {before}${self.variable(actor)}"'

    def variable(self, actor: str) -> str:
        """Return the variable of an actor's token, or one made of the name for who is not in the target."""
        return self.variables.get(actor, "TOKEN_" + re.sub(r"\W", "_", actor.upper()))

    def needed(self, exchanges: Sequence[Exchange]) -> list[str]:
        """Return the names of the variables that a sequence needs."""
        actors = [one.actor for one in exchanges]
        if any(self.creates(one) for one in exchanges):
            actors.append(self.undone_by)
        return list(dict.fromkeys(self.variable(actor) for actor in actors if actor is not None))

    def creates(self, exchange: Exchange) -> bool:
        """Return whether an exchange is one that creates what can be deleted."""
        path = exchange.path.removeprefix(origin(exchange.path)) if is_whole(exchange.path) else exchange.path
        return exchange.method == "POST" and path in self.collections


def reproduction(exchanges: Sequence[Exchange], setting: Setting) -> list[str]:
    """Return the lines that send a sequence again."""
    return _Script(exchanges, setting).lines()


class _Script:
    def __init__(self, exchanges: Sequence[Exchange], setting: Setting) -> None:
        self._exchanges = exchanges
        self._setting = setting
        self._names: dict[str, str] = {}  # an id that stands in the exchanges -> the variable that takes its place

    def lines(self) -> list[str]:
        """Return the whole of it: in parentheses, so that what ends it does not end the shell it is pasted into."""
        steps = [line for position in range(len(self._exchanges)) for line in self._step(position)]
        return ["(", *self._preparation(), *steps, ")"]

    def _preparation(self) -> Iterator[str]:
        variables = self._setting.needed(self._exchanges)
        if variables:
            yield ": " + " ".join(f'"${{{one}:{self._otherwise(one)}}}"' for one in variables)
        length = max(len(self._setting.mark), LEAST_MARK)  # as long as the run's: it may be lengths that matter
        # The shell's own arguments go first: whatever stands among them at the end is deleted as a path.
        yield f"set --; API={shlex.quote(self._setting.base_url)}"
        yield f"RUN=$(printf '%.{length}s' \"again-$(date +%s)-$$-{'0' * length}\")"
        yield SEND
        if any(REDACTED in f"{one.path} {one.sent_text} {one.asked}" for one in self._exchanges):
            yield SECRET
        if any(map(self._is_needed, range(len(self._exchanges)))):
            yield MUST
        creator = next((one.actor for one in self._exchanges if self._setting.creates(one)), None)
        if any(map(_ends_told, self._exchanges)):
            yield READ_END
        if creator is not None:
            yield READ_ID
            yield self._undoing(self._setting.undone_by or creator)

    def _otherwise(self, variable: str) -> str:
        """End where a variable is not set, unless its token is known to everybody."""
        return f"={self._setting.defaults[variable]}" if variable in self._setting.defaults else "?"

    def _undoing(self, actor: str) -> str:
        told = '"deleted ${one}: HTTP %{http_code}\\n"'
        delete = f'curl -sSg -o /dev/null -w {told} -X DELETE "$AT" -H {self._setting.bearing(actor)}'
        where = "case $one in /*) AT=$API$one ;; *) AT=$one ;; esac"
        return f"""trap 'for one in "$@"; do {where}; {delete}; done' EXIT"""

    def _step(self, position: int) -> Iterator[str]:
        exchange, is_needed = self._exchanges[position], self._is_needed(position)
        yield f"{'must' if is_needed else 'send'} {self._arguments(exchange)}"
        found = _id_told(exchange)
        is_named = found != "" and any(_tells(later, found) for later in self._exchanges[position + 1 :])
        creates = self._setting.creates(exchange)
        if creates or is_named:
            variable = f"ID_{position + 1}"
            undo = f'set -- "$@" {self._setting.address(exchange.path)}/"${variable}"' if creates else ":"
            yield f"{variable}=$(read_id) {f'{NO_ID}; ' if is_needed else '&& '}{undo}"
            self._names |= {found: variable} if is_named else {}
        yield from self._ends(position)

    def _ends(self, position: int) -> Iterator[str]:
        """Read the ends of addresses that an answer tells, where later steps go there."""
        later = self._exchanges[position + 1 :]
        for name, end in _ends_told(self._exchanges[position]).items():
            if end not in self._names and any(_tells(one, end) for one in later):
                self._names[end] = f"END_{len(self._names) + 1}"
                yield f"{self._names[end]}=$(read_end {name}) {NO_ID}"

    def _is_needed(self, position: int) -> bool:
        """Return whether what follows makes no sense unless this succeeds, as it did."""
        return position < len(self._exchanges) - 1 and 200 <= self._exchanges[position].status < 300

    def _arguments(self, exchange: Exchange) -> str:
        path = exchange.path
        whole = is_whole(path)
        words = [
            "-X",
            exchange.method,
            self._quoted(self._setting.address(path)) if whole else '"$API"' + self._quoted(path),
        ]
        # With -X HEAD alone curl waits for the body that Content-Length promises.
        words += ["-I"] if exchange.method == "HEAD" else []
        if exchange.actor is not None:
            words += ["-H", self._setting.bearing(exchange.actor)]
        headers = dict(exchange.asked)
        if exchange.sent is not NOTHING and not any(name.lower() == "content-type" for name in headers):
            headers["Content-Type"] = "application/json"
        for name, value in headers.items():
            words += ["-H", shlex.quote(f"{name}: {value}" if value else f"{name};")]  # as curl spells an empty one
        if exchange.sent is not NOTHING:
            # Raw: curl takes a body that begins with "@" for the name of a file.
            words += ["--data-raw", self._quoted(body_text(exchange.sent))]
        return " ".join(words)

    def _quoted(self, text: str) -> str:
        """Quote a text for the shell, ids and the run's mark in it replaced by their variables."""
        names = {**self._names, self._setting.mark: "RUN"}
        # Ids whole: one that is a number may be a part of another.
        ids = [rf"(?<![\w-]){re.escape(name)}(?![\w-])" for name in self._names]
        wanted = [*ids, re.escape(self._setting.mark) + r"(?=-\d)"]
        parts = re.split(f"({'|'.join(wanted)})", text)
        # Odd parts are what was split at; of an empty text the one part stays, as '' for the shell.
        return "".join(
            f'"${names[part]}"' if at % 2 else shlex.quote(part) for at, part in enumerate(parts) if part or not text
        )


def _id_told(exchange: Exchange) -> str:
    """Return the id of what an exchange created, empty where it created nothing."""
    found = exchange.received.get("id") if isinstance(exchange.received, dict) else None
    is_id = isinstance(found, str) or type(found) is int
    return str(found) if exchange.method == "POST" and 200 <= exchange.status < 300 and is_id else ""


def _ends_told(exchange: Exchange) -> dict[str, str]:
    """Return the ends of the addresses that a create tells, by the members that tell them."""
    members = exchange.received if exchange.method == "POST" and isinstance(exchange.received, dict) else {}
    found = {name: ADDRESS.fullmatch(one) for name, one in members.items() if isinstance(one, str)}
    return {name: end[1] for name, end in found.items() if end is not None and NAME.fullmatch(name) is not None}


def _tells(exchange: Exchange, text: str) -> bool:
    told = exchange.path + ("" if exchange.sent is NOTHING else f" {body_text(exchange.sent)}")
    return re.search(rf"(?<![\w-]){re.escape(text)}(?![\w-])", told) is not None
