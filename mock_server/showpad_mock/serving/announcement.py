"""What a server says when it begins to answer."""

from __future__ import annotations

import json

from ..app import App
from ..core.printable import printable_lines
from ..settings import Settings
from ..web.vendor import Vendor


def announcement(settings: Settings, app: App, origin: str) -> str:
    """Return what a server says of itself at `origin`: lines, or one of JSON."""
    vendor, seed = app.vendors[0], app.tenants.seed
    sessions = vendor.sessions(app.tenants.peek(seed.subdomain))
    # An admin sees and may do everything: what one tries first should work.
    token = next((one["apiToken"] for one in sessions if one["role"] == "ADMIN"), sessions[0]["apiToken"])
    base_url = origin + vendor.base_path
    others = [(one.name, origin + one.base_path, _first_token(one, app)) for one in app.vendors[1:]]
    # One that was set is the user's secret: it stands in no log.
    generated = None if settings.admin_token is not None else app.admin_token
    if settings.log_format == "json":
        every = [(vendor.name, base_url, token), *others]
        apis = [{"name": name, "baseUrl": url, "token": first} for name, url, first in every]
        told = {"origin": origin, "baseUrl": base_url, "token": token, "apis": apis}
        return json.dumps(told if generated is None else {**told, "adminToken": generated})
    admin = "" if generated is None else f"admin token: {generated}; "
    lines = [
        f"Showpad API v4, mocked, on {base_url}  (seed data: {settings.data}; {admin}Ctrl-C ends)",
        f"  token  {token}  (all of them: showpad-mock tokens)",
        f"  try    curl -H 'Authorization: Bearer {token}' {base_url}/shared-spaces",
        *(f"  beside {name} on {url}  (token {first})" for name, url, first in others),
    ]
    return printable_lines("\n".join(lines))


def _first_token(vendor: Vendor, app: App) -> str | None:
    sessions = vendor.sessions(app.tenants.peek(app.tenants.seed.subdomain))
    return sessions[0]["apiToken"] if sessions else None
