"""Pages that people see in a browser, from Jinja2 templates; no script runs on any of them."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ...core.refusals import Refusal
from ...web.render import Answer
from ..domain.branding import Theme

HERE = Path(__file__).parent
COLOUR = re.compile("[0-9a-fA-F]{6}")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


@cache
def _style() -> str:
    return (HERE / "style.css").read_text(encoding="utf-8")


def _styled(theme: Theme | None) -> str:
    # A restored snapshot may hold anything: what is no colour would end the style, or the page's policy.
    if theme is None or not (COLOUR.fullmatch(theme.header_color) and COLOUR.fullmatch(theme.header_font_color)):
        return _style()
    return f":root {{ --head: #{theme.header_color}; --head-font: #{theme.header_font_color}; }}\n{_style()}"


def page(
    template: str, *, status: int = 200, form_goes_to: str = "'none'", theme: Theme | None = None, **values: object
) -> Answer:
    """Answer with a page. `form_goes_to` are the sources that its form may be sent to, redirects included."""
    style = _styled(theme)
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    body = _environment().get_template(f"{template}.html").render(style=style, **values)
    answer = Answer(status, body.encode(), b"text/html; charset=utf-8")
    # The pages share their origin with the control API: nothing that a title holds may run or call it.
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; script-src 'none'; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action {form_goes_to}"
    )
    answer.headers += (
        (b"content-security-policy", policy.encode("latin-1")),
        (b"referrer-policy", b"no-referrer"),
        (b"x-content-type-options", b"nosniff"),
        (b"cache-control", b"no-store"),
    )
    return answer


def refused(refusal: Refusal) -> Answer:
    """Answer with a page that tells why."""
    return page("refused", status=refusal.problem.status, title=refusal.problem.title, detail=refusal.detail)
