from __future__ import annotations

import pytest

from showpad_mock.pytest_plugin import tenant_name

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
BOTH = """
import urllib.error, urllib.request, pytest

def test_fails(showpad, rspace):
    for tenant in (showpad, rspace):
        request = urllib.request.Request(f"{tenant.base_url}/nothing", headers=tenant.headers())
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request)
        refused.value.close()
    request = urllib.request.Request(f"{rspace.base_url}/groups", headers=rspace.headers("bob"))
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200
    assert [showpad.name, len(rspace.shares)] == [rspace.name, 1]
"""


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """Run pytest without the plugin that takes longest to load."""
    return pytester.runpytest_subprocess("-p", "no:schemathesis", *arguments)


def test_a_test_may_use_both_apis_and_shows_what_each_was_asked(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(BOTH)
    result = run(pytester, "-p", "no:randomly")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*RSpace exchanges of the tenant test-fails-rspace-*", "*GET /api/v1/groups 200*"])


def test_a_failing_test_shows_its_tenants_last_exchanges(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(FAILING)
    result = run(pytester, "-p", "no:randomly")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*Showpad exchanges of the tenant test-fails-*", "*GET /v4/shared-spaces/nowhere 404*"]
    )


def test_every_worker_of_xdist_has_a_server_of_its_own(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(PARALLEL)
    run(pytester, "-n", "2").assert_outcomes(passed=12)


def test_the_same_test_gets_the_same_ids_every_time(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(IDS)
    runs = [run(pytester, "-s", "-p", "no:randomly") for _ in range(2)]
    first, second = ([line for line in run.outlines if "ID " in line] for run in runs)
    assert first
    assert first == second


def test_the_plugin_imports_no_server_until_one_is_asked_for(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("import sys\ndef test_nothing(): assert 'showpad_mock.testing.server' not in sys.modules")
    run(pytester, "-p", "no:randomly").assert_outcomes(passed=1)


SEED = """{
  "subdomain": "acme",
  "themes": [{"id": "t", "title": "House style", "isGlobal": true}],
  "users": [{"id": "u", "handle": "ann", "email": "ann@example.com", "role": "ADMIN"}]
}"""
USES_ANN = """
def test_ann_is_there(showpad, showpad_server):
    assert showpad.user_id("ann") == "u"
"""
TELLS_OPTIONS = """
def test_options(showpad_options):
    assert showpad_options["data"].endswith("acme.json")
    assert (showpad_options["seed"], showpad_options["strict"]) == (7, True)
"""
OPTIONS = """
import json, pathlib, pytest

@pytest.fixture(scope="session")
def showpad_options():
    return {"data": json.loads(pathlib.Path(__file__).with_name("acme.json").read_text())}
"""
SERVER = """
import pytest
from showpad_mock import MockShowpad

@pytest.fixture(scope="session")
def showpad_server():
    with MockShowpad(data="acme.json") as server:
        yield server
"""


def test_ini_options_say_what_the_server_is_made_with(pytester: pytest.Pytester) -> None:
    pytester.makefile(".json", acme=SEED)
    pytester.makeini("[pytest]\nshowpad_data = acme.json\nshowpad_strict = true\nshowpad_seed = 7")
    pytester.makepyfile(USES_ANN + TELLS_OPTIONS)
    run(pytester, "-p", "no:randomly").assert_outcomes(passed=2)


def test_an_ini_option_that_cannot_be_is_told(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nshowpad_seed = seven")
    pytester.makepyfile("def test_it(showpad): pass")
    result = run(pytester, "-p", "no:randomly")
    result.stdout.fnmatch_lines(["*showpad_seed must be an integer, got 'seven'*"])
    result.assert_outcomes(errors=1)


@pytest.mark.parametrize("conftest", [OPTIONS, SERVER], ids=["its options", "itself"])
def test_the_server_may_be_made_in_a_fixture_of_ones_own(pytester: pytest.Pytester, conftest: str) -> None:
    pytester.makefile(".json", acme=SEED)
    pytester.makeconftest(conftest)
    pytester.makepyfile(USES_ANN)
    run(pytester, "-p", "no:randomly").assert_outcomes(passed=1)


@pytest.mark.parametrize("nodeid", ["a::test_x", "a::test_x[" + "ü" * 300 + "]", "a::___", "a::TEST[-1]"])
def test_a_tenants_name_is_a_dns_label(nodeid: str) -> None:
    name = tenant_name(nodeid)
    assert len(name) <= 63
    assert name.replace("-", "").isalnum()
    assert name.isascii()
    assert name[0] != "-"
    assert name != tenant_name(nodeid + "2")
