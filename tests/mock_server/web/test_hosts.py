"""Host names that name a tenant."""

from __future__ import annotations

import pytest

from showpad_mock.web.hosts import HostPatterns

HOSTS = HostPatterns(("{tenant}.api.example.com", "{tenant}.example.org"))


@pytest.mark.parametrize(
    "host",
    [
        "acme.api.example.com",
        "ACME.Api.Example.COM",
        "acme.api.example.com:443",
        "acme.api.example.com.",
        "acme.example.org.:8443",
    ],
)
def test_a_host_of_the_vendor_names_the_tenant(host: str) -> None:
    assert HOSTS.tenant(host) == "acme"
    assert HOSTS.are_of(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "localhost:7470",
        "127.0.0.1",
        "[::1]:443",
        "acme.example.com",
        "acme.api.example.com.evil.test",
        "evil-example.org",
        "acme.api.examplexcom",
        "acme.example.org@evil.test",
        "user@acme.example.org",
        "acme.example.org:x",
        "acme.example.org:443:443",
        "acme.example.org\n",
        "acme.example.org ",
        "acme.example.org..",
        "acme.e\u212aample.org",
    ],
)
def test_any_other_host_names_none_and_is_not_the_vendors(host: str) -> None:
    assert HOSTS.tenant(host) is None
    assert not HOSTS.are_of(host)


@pytest.mark.parametrize(
    "host", ["example.org", "a.b.example.org", "api.example.com:443", ".example.org", "EXAMPLE.ORG."]
)
def test_a_host_in_the_vendors_domain_is_the_vendors_also_where_it_names_no_tenant(host: str) -> None:
    assert HOSTS.tenant(host) is None
    assert HOSTS.are_of(host)


def test_letters_that_only_look_like_a_hosts_are_none() -> None:
    # U+212A in lower case is a plain k.
    assert HostPatterns(["{tenant}.kind.example"]).tenant("acme.\u212aind.example") is None


def test_certificates_name_the_hosts_by_wildcards() -> None:
    assert HOSTS.wildcards == ("*.api.example.com", "*.example.org")


@pytest.mark.parametrize(
    "pattern", ["api.example.com", "{tenant}", "{tenant}.", "{tenant}.{tenant}.com", "x{tenant}.a"]
)
def test_a_pattern_of_another_form_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="host pattern"):
        HostPatterns([pattern])


def test_no_patterns_are_no_hosts() -> None:
    assert HostPatterns().tenant("acme.example.org") is None
    assert not HostPatterns().are_of("")
