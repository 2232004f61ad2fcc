"""The pages that buyers open: Shares by their three addresses, Shared Spaces by invitation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from urllib.parse import parse_qs, quote

from ...core.refusals import Refusal
from ...web.call import Call
from ...web.render import Answer
from ..domain import links
from ..domain.content import Item
from ..domain.links import OpenedShare, Way
from ..pages import page, refused

FORM_CAP = 4096
"""How many bytes the form for passing a Share on may have."""


def _as_page(show: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
    """Show a refusal as a page: a buyer sees it in a browser."""

    @wraps(show)
    def endpoint(call: Call) -> Answer:
        call.is_query_read = True
        try:
            return show(call)
        except Refusal as refusal:
            call.unit.decide(*refusal.rules)
            return refused(refusal)

    return endpoint


def _opened(call: Call) -> OpenedShare:
    return links.open_share(call.unit, call.params["token"], is_dynamic="/catalog/link/" in call.path)


def _query(call: Call, name: str) -> str | None:
    return next((value for key, value in call.parameters() if key == name), None)


@_as_page
def show_share(call: Call) -> Answer:
    """Answer `GET /share/{token}` and `GET /catalog/link/{token}`."""
    opened = _opened(call)
    links.viewed(call.unit, opened, _query(call, "recipient"), _query(call, "platform"))
    return _share_page(call, opened)


def _share_page(call: Call, opened: OpenedShare, *, reshared_to: str | None = None) -> Answer:
    share = opened.share
    return page(
        "share",
        theme=opened.theme,
        form_goes_to="'self'",
        title=share.title,
        assets=opened.assets,
        address=_address(call),
        is_download_allowed=share.is_download_allowed,
        may_reshare=opened.way is not Way.UNTRACKED,
        reshared_to=reshared_to,
    )


def _address(call: Call) -> str:
    """Return the path of the Share itself, on this host or under the tenant's local links."""
    return quote(call.path.partition(call.params["token"])[0] + call.params["token"])


@_as_page
def reshare(call: Call) -> Answer:
    """Answer the form by which a recipient passes a Share on."""
    opened = _opened(call)
    # Of one field: what else is sent means nothing.
    form = parse_qs(call.body[:FORM_CAP].decode("latin-1"))
    recipient = form.get("email", [""])[0].strip()
    links.reshare(call.unit, opened, recipient)
    return _share_page(call, opened, reshared_to=recipient)


@_as_page
def download(call: Call) -> Answer:
    """Answer with a file that stands for an asset's."""
    asset = links.download(_opened(call), call.params["assetId"])
    call.unit.decide("SHARE-DOWNLOAD")
    text = (
        f"This file stands for the asset {asset.name or asset.id} ({asset.id}). The mock keeps no contents of assets.\n"
    )
    answer = Answer(200, text.encode(), b"text/plain; charset=utf-8")
    name = quote(f"{asset.name or asset.id}.txt", safe="")
    answer.headers.append((b"content-disposition", f"attachment; filename*=UTF-8''{name}".encode()))
    answer.headers.append((b"x-content-type-options", b"nosniff"))
    return answer


@_as_page
def show_space(call: Call) -> Answer:
    """Answer `GET /s/{publicUri}`; the invitation says who comes."""
    opened = links.open_space(call.unit, call.params["publicUri"], _query(call, "invitation") or "")
    visitor = opened.visitor
    return page(
        "space",
        theme=opened.theme,
        title=opened.space.title,
        description=opened.space.description,
        visitor=f"{visitor.first_name or ''} {visitor.last_name or ''}".strip() or visitor.email,
        rows=list(_rows(opened.items)),
        has_more=opened.has_more,
        is_download_allowed=opened.space.is_external_download_allowed,
    )


def _rows(items: Sequence[Item]) -> Iterator[Item | None]:
    """Return the items depth first; behind what lies in a folder comes None."""
    inside: defaultdict[str | None, list[Item]] = defaultdict(list)
    for item in items:
        inside[item.folder_id].append(item)
    # Without recursion: a folder may lie under any number of others.
    open_folders = [iter(inside[None])]
    while open_folders:
        for item in open_folders[-1]:
            yield item
            if item.type == "folder":
                open_folders.append(iter(inside[item.id]))
                break
        else:
            open_folders.pop()
            if open_folders:
                yield None
