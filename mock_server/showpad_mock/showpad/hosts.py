"""The host names of Showpad's; the label in front is the tenant's name."""

from __future__ import annotations

from ..web.hosts import HostPatterns

# CONV-BASE, CONV-BASE-BIZ; an organisation's own pages are on the second one (SPACE-URL).
HOSTS = HostPatterns(("{tenant}.api.showpad.com", "{tenant}.showpad.com", "{tenant}.showpad.biz"))
