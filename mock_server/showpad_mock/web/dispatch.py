"""From a path and a method to a route: a tree of path segments made once from the routes' own paths.

Starlette's router tries one pattern after the other and, on a wrong method, knows only the first route's; this one
looks a path up, tells every method there is, and names the nearest path for one that is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Generic, NamedTuple, TypeVar
from urllib.parse import unquote

from starlette.routing import Route

from ..core.refusals import Problem

Owner = TypeVar("Owner")

UNKNOWN_PATH = Problem(
    "", 404, "/mock-server/unknown-path", "Not Found", "The mock serves no path {path}. The nearest one is {nearest}."
)
WRONG_METHOD = Problem(
    "", 405, "/mock-server/wrong-method", "Method Not Allowed", "{path} takes {allowed}, not {method}."
)


class Match(NamedTuple, Generic[Owner]):
    """The route that a request meant, whose it is, and the values of its path's parameters."""

    route: Route
    owner: Owner
    params: dict[str, str]


class _Node(Generic[Owner]):
    __slots__ = ("children", "parameter", "path", "routes")

    def __init__(self) -> None:
        self.children: dict[str, _Node[Owner]] = {}
        self.parameter: tuple[str, _Node[Owner]] | None = None
        self.path = ""
        self.routes: dict[str, tuple[Route, Owner]] = {}

    def child(self, segment: str) -> _Node[Owner]:
        """Return the node for a segment of a route's path, made when it is missing."""
        if not segment.startswith("{"):
            known = self.children.get(segment)
            if known is None:
                known = self.children[segment] = _Node()
            return known
        # The first route names it: two routes cannot name one segment differently.
        if self.parameter is None:
            self.parameter = (segment.strip("{}"), _Node())
        return self.parameter[1]


class Dispatcher(Generic[Owner]):
    """Finds the route for a request, and whose it is."""

    def __init__(self, routes: Iterable[tuple[Route, Owner]]) -> None:
        self._root: _Node[Owner] = _Node()
        self._paths: list[str] = []
        for route, owner in routes:
            node = self._root
            for segment in route.path.split("/")[1:]:
                node = node.child(segment)
            node.path = route.path
            # Once for all methods of a path: `_nearest` compares with each.
            if not node.routes:
                self._paths.append(route.path)
            # Starlette adds HEAD to every GET; the vendors document none.
            node.routes.update(dict.fromkeys((route.methods or set()) - {"HEAD"}, (route, owner)))

    def match(self, method: str | None, path: str, raw_path: bytes) -> Match[Owner]:
        """Return the route; without a method any of the path's. Refuses an unknown path (404), a wrong method (405)."""
        node, params = self._walk(path, raw_path)
        # A node without routes is a part of longer paths alone.
        if node is None or not node.routes:
            raise UNKNOWN_PATH.error(path=path, nearest=self._nearest(path))
        found = node.routes.get(method) if method is not None else next(iter(node.routes.values()))
        if found is None:
            allowed = sorted(node.routes)
            refusal = WRONG_METHOD.error(path=node.path, allowed=" and ".join(allowed), method=method)
            raise refusal.with_headers(Allow=", ".join(allowed))
        return Match(*found, params)

    def allowed(self, path: str, raw_path: bytes) -> list[str]:
        """Return the methods that a path takes, for `Allow`; none for an unknown path."""
        node, _ = self._walk(path, raw_path)
        return sorted(node.routes) if node is not None else []

    def _walk(self, path: str, raw_path: bytes) -> tuple[_Node[Owner] | None, dict[str, str]]:
        # An encoded slash inside an id separates nothing.
        segments = path.split("/") if b"%" not in raw_path else map(unquote, raw_path.decode("latin-1").split("/"))
        node = self._root
        params: dict[str, str] = {}
        for segment in list(segments)[1:]:
            # A fixed segment goes before a parameter, whatever the order of the routes.
            known = node.children.get(segment)
            if known is None:
                # An empty segment is no id: `/things/` is an unknown path, not a thing without a name.
                if node.parameter is None or not segment:
                    return None, params
                name, known = node.parameter
                params[name] = segment
            node = known
        return node, params

    def _nearest(self, path: str) -> str:
        # cutoff 0: however far off, one path is told, as somebody with a wrong base path needs it most.
        return (get_close_matches(path, self._paths, n=1, cutoff=0) or ["/"])[0]
