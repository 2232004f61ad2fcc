from __future__ import annotations

import pytest

from mock_server.pytest_plugin import tenant_name

FAILING = """
import urllib.error, urllib.request, pytest

def test_fails(showpad):
    request = urllib.request.Request(f"{showpad.base_url}/shared-spaces/nowhere", headers=showpad.headers())
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    refused.value.close()
    assert showpad.name == "another"
"""
PARALLEL = """
import pytest

@pytest.mark.parametrize("number", range(12))
def test_is_alone(showpad, number):
    showpad.archive("brochure")
    assert len([one for one in showpad.exchanges]) == 0
"""
IDS = """
import json, urllib.request

def test_prints_an_id(showpad):
    body = json.dumps({"title": "A"}).encode()
    request = urllib.request.Request(f"{showpad.base_url}/shared-spaces", body, showpad.headers("seller", oauth=True))
    with urllib.request.urlopen(request) as answer:
        print("ID", json.load(answer)["id"])
"""


def test_a_failing_test_shows_its_tenants_last_exchanges(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(FAILING)
    result = pytester.runpytest_subprocess("-p", "no:randomly")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*Showpad exchanges of the tenant test-fails-*", "*GET /v4/shared-spaces/nowhere 404*"]
    )


def test_every_worker_of_xdist_has_a_server_of_its_own(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(PARALLEL)
    pytester.runpytest_subprocess("-n", "2").assert_outcomes(passed=12)


def test_the_same_test_gets_the_same_ids_every_time(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(IDS)
    runs = [pytester.runpytest_subprocess("-s", "-p", "no:randomly") for _ in range(2)]
    first, second = ([line for line in run.outlines if "ID " in line] for run in runs)
    assert first
    assert first == second


def test_the_plugin_imports_no_server_until_one_is_asked_for(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("import sys\ndef test_nothing(): assert 'mock_server.server' not in sys.modules")
    pytester.runpytest_subprocess("-p", "no:randomly").assert_outcomes(passed=1)


@pytest.mark.parametrize("nodeid", ["a::test_x", "a::test_x[" + "ü" * 300 + "]", "a::___", "a::TEST[-1]"])
def test_a_tenants_name_is_a_dns_label(nodeid: str) -> None:
    name = tenant_name(nodeid)
    assert len(name) <= 63
    assert name.replace("-", "").isalnum()
    assert name.isascii()
    assert name[0] != "-"
    assert name != tenant_name(nodeid + "2")
