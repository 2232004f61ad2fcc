"""Pages that people see in a browser, from Jinja2 templates; no script runs on any of them."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ...web.render import Answer

HERE = Path(__file__).parent


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


@cache
def _style() -> str:
    return (HERE / "style.css").read_text(encoding="utf-8")


@cache
def _style_hash() -> str:
    return b64encode(hashlib.sha256(_style().encode()).digest()).decode()


def page(template: str, *, status: int = 200, form_goes_to: str = "'none'", **values: object) -> Answer:
    """Answer with a page. `form_goes_to` are the sources that its form may be sent to, redirects included."""
    body = _environment().get_template(f"{template}.html").render(style=_style(), **values)
    answer = Answer(status, body.encode(), b"text/html; charset=utf-8")
    # The pages share their origin with the control API: nothing that a title holds may run or call it.
    policy = (
        f"default-src 'none'; style-src 'sha256-{_style_hash()}'; img-src data:; script-src 'none'; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action {form_goes_to}"
    )
    answer.headers += (
        (b"content-security-policy", policy.encode("latin-1")),
        (b"referrer-policy", b"no-referrer"),
        (b"x-content-type-options", b"nosniff"),
        (b"cache-control", b"no-store"),
    )
    return answer
