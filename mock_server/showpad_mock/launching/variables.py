"""The environment in which clients of any kind go by the proxy and trust the authority; as shell, dotenv or JSON."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from ..web.hosts import HostPatterns, host_of
from .trusted import PASSWORD, Trusted

LOCAL = ("localhost", "127.0.0.1", "::1")
PLAIN = re.compile(r"[A-Za-z0-9_./:@%+,-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How a command reaches the mock.

    `proxy` is the proxy's URL, which may hold a credential; `hosts` end at it.
    """

    proxy: str
    hosts: HostPatterns
    trusted: Trusted
    base_url: str
    token: str


def variables(reached: Reached, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables to set beside those of an environment, of which they keep what concerns other hosts."""
    direct = ",".join(_direct(reached.hosts, environ))
    told = {"HTTPS_PROXY": reached.proxy, "HTTP_PROXY": reached.proxy, "NO_PROXY": direct}
    told |= {name.lower(): value for name, value in told.items()}
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"):
        told[name] = str(reached.trusted.bundle)
    return {
        **told,
        "NODE_USE_ENV_PROXY": "1",
        "JAVA_TOOL_OPTIONS": _java(reached, direct.split(","), environ.get("JAVA_TOOL_OPTIONS", "")),
        "SHOWPAD_BASE_URL": reached.base_url,
        "SHOWPAD_TOKEN": reached.token,
    }


def _direct(hosts: HostPatterns, environ: Mapping[str, str]) -> dict[str, None]:
    """Return the hosts that are called without the proxy: those named so before, but for what takes in a vendor's."""
    before = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    kept = [one for one in re.split(r"[,\s]+", before) if not _takes_in(one, hosts)]
    return dict.fromkeys((*kept, *LOCAL))


def _takes_in(entry: str, hosts: HostPatterns) -> bool:
    name = entry.lower().lstrip("*.")
    name = host_of(name) or name  # an address is no name
    # Some clients ask only how a host ends, be it in the middle of a label: `pad.com` is for them one of the vendors'.
    return hosts.are_of(name) or any(one.endswith(name) for one in hosts.wildcards)


def _java(reached: Reached, direct: list[str], before: str) -> str:
    # Java sends no credential by itself. Hosts of the vendors' are let in without one.
    at = urlsplit(reached.proxy)
    properties: dict[str, object] = {
        f"{scheme}.proxy{name}": value
        for scheme in ("http", "https")
        for name, value in (("Host", at.hostname), ("Port", at.port))
    }
    properties |= {
        # Java reads an entry that begins with a dot as a name, and means subdomains by `*.`.
        "http.nonProxyHosts": "|".join(f"*{one}" if one.startswith(".") else one for one in direct),
        "javax.net.ssl.trustStore": reached.trusted.trust_store,
        "javax.net.ssl.trustStoreType": "PKCS12",
        "javax.net.ssl.trustStorePassword": PASSWORD,
    }
    return " ".join(filter(None, (before, *(_java_option(f"-D{name}={value}") for name, value in properties.items()))))


def _java_option(option: str) -> str:
    """Return an option that Java does not split: it knows quotes, and no escapes in them."""
    if not re.search(r"[\s'\"]", option):
        return option
    return "".join(f"'{part}'" if part != "'" else '"\'"' for part in re.split("(')", option) if part)


def as_shell(told: Mapping[str, str]) -> str:
    """Return lines that a POSIX shell evaluates."""
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in told.items())


def as_dotenv(told: Mapping[str, str]) -> str:
    """Return lines of a .env file, in double quotes: what readers of it agree on."""
    return "\n".join(f"{name}={_dotenv(value)}" for name, value in told.items())


def _dotenv(value: str) -> str:
    return value if PLAIN.fullmatch(value) else '"' + re.sub(r'([\\"$`])', r"\\\1", value) + '"'


def as_json(told: Mapping[str, str]) -> str:
    """Return an object."""
    return json.dumps(told, indent=2)


FORMATS: dict[str, Callable[[Mapping[str, str]], str]] = {"shell": as_shell, "dotenv": as_dotenv, "json": as_json}
