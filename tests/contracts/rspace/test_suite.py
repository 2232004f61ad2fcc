"""RSpace's suite as users run it, its catalogue, its description and the file of the mock's tenant."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from openapi_spec_validator import validate

from showpad_contracts.core.target import TargetError
from showpad_contracts.core.violation import NotTheApi
from showpad_contracts.rspace.catalogue import CATALOGUE
from showpad_contracts.rspace.checks import CHECKS
from showpad_contracts.rspace.client import Client
from showpad_contracts.rspace.paths import TEMPLATES, operation_of
from showpad_contracts.rspace.suite import SUITE
from showpad_contracts.running.opening import RunOptions, described, new_ledger
from showpad_contracts.running.sweep import sweep
from showpad_contracts.showpad.suite import SUITE as SHOWPAD
from showpad_contracts.transport.limits import Limits
from showpad_contracts.transport.session import Session
from showpad_mock import RSpaceTenant

from ..tenants import kit, kit_here, served
from .driving import BASE_URL, TENANT, driving, fresh_mock, target

DOCUMENT: dict[str, Any] = yaml.safe_load(SUITE.openapi())
KEYS = {f"RSPACE_TOKEN_{role}": f"mock_{TENANT}_{user}" for role, user in (("OWNER", "alice"), ("COLLEAGUE", "bob"))}


def test_every_rule_has_a_check() -> None:
    checked = {rule for check in CHECKS if not check.sweeping for rule in check.rules}
    assert checked == {rule.id for rule in CATALOGUE.values() if rule.untestable is None}


def test_checks_have_names_of_their_own_in_all_suites() -> None:
    names = [check.name for suite in (SUITE, SHOWPAD) for check in suite.checks]
    assert len(names) == len(set(names))


def test_the_document_is_valid_and_has_the_operations_of_the_rules() -> None:
    validate(DOCUMENT)
    found = {op["operationId"] for item in DOCUMENT["paths"].values() for op in item.values()}
    named = {name.strip() for rule in CATALOGUE.values() for name in rule.operation.split(",")} - {"all"}
    assert found == named == set(TEMPLATES)


def test_the_document_names_rules_that_there_are() -> None:
    assert set(re.findall(r"\bRS-[A-Z0-9-]*[A-Z0-9]", SUITE.openapi())) <= set(CATALOGUE)


def test_a_request_is_known_by_its_operation() -> None:
    assert operation_of("DELETE", "//documents/12") == "deleteDocument"
    assert operation_of("GET", "/share?pageSize=1") == "listShares"
    assert operation_of("GET", "/forms") == ""


def test_the_file_of_the_mocks_tenant_is_in_step_with_it() -> None:
    tenant, offers = RSpaceTenant(lambda: BASE_URL, fresh_mock(), TENANT), target().offers
    users = {"owner": "alice", "colleague": "bob", "outsider": "carol", "disabled": "erin"}
    assert {role: str(tenant.user_id(user)) for role, user in users.items()} == {
        role: actor.user_id for role, actor in target().actors.items()
    }
    assert (offers["subfolder"], offers["plain_folder"]) == (tenant.item_id("Results 2026"), tenant.item_id("Drafts"))
    assert offers["notebook"] == {
        "id": tenant.item_id("Cloning notebook"),
        "entry": tenant.item_id("Entry 1: ligation"),
    }
    assert (offers["file"], offers["colleagues_document"]) == (
        tenant.item_id("gel-run-4.png"),
        tenant.item_id("Plate reader log"),
    )


def test_a_key_goes_in_its_header_and_is_told_nowhere() -> None:
    with driving(fresh_mock()) as client:
        told = client.nobody.request("GET", "/status", headers={"apiKey": "a_secret_of_nobodys"})
        assert client.owner.get("/status").status == 200
        assert "a_secret_of_nobodys" not in repr(told)
        assert f"mock_{TENANT}_alice" not in repr(client.session.trail)


@pytest.fixture
def url() -> Any:
    with served(fresh_mock()) as base_url:
        yield base_url.replace("/v4", "/api/v1")


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_an_address_tells_who_acts_and_which_group_there_is(url: str) -> None:
    told = "\n".join(described(SUITE, url, KEYS, Limits()))
    assert 'user_id = "102"' in told
    assert "group = {id = 12345, folder = 1101}" in told
    assert "other_group = {id = 12346, folder = 1103}" in told
    assert '# behaviour = "observed"' in told


def test_an_address_of_another_api_is_refused(url: str) -> None:
    with pytest.raises(TargetError, match="/api/v1"):
        SUITE.targets.choose("http://127.0.0.1/v4", {})
    with pytest.raises(NotTheApi, match="refuses the token of owner"):
        list(described(SUITE, url, {"RSPACE_TOKEN_OWNER": "nobodys"}, Limits()))


def test_what_a_killed_run_left_is_unshared_and_deleted_by_its_own_suite(url: str) -> None:
    run_id, where = "contracts-20260101-0123abcd", SUITE.targets.choose(url, KEYS)
    options = RunOptions(suite=SUITE, target=url, allow_writes=True)
    with (
        closing(Session(where, run_id)) as session,
        closing(new_ledger(options, where, run_id, Path(".showpad-contracts"))) as session.ledger,
    ):
        client = Client(session)
        client.share([client.new_id()], groups=[{"id": 12345}])
    assert list(sweep(SHOWPAD, {"SHOWPAD_TOKEN_ADMIN": "x"})) == []
    [swept] = sweep(SUITE, KEYS)
    assert (swept.deleted, swept.is_done) == (1, True)
    with closing(Session(where, run_id)) as session:
        assert Client(session).owner.get("/share").received["totalHits"] == 0


@pytest.mark.parametrize("most", ["25", "32", "39"])
def test_a_run_keeps_enough_of_its_budget_to_delete_what_it_created(url: str, most: str) -> None:
    arguments = ("--target", url, "--allow-writes", "--rule", "RS-SHARE-OK", "--max-requests", most)
    assert "may" in kit_here("check", "--api", "rspace", *arguments, cwd=Path(), env=KEYS).err
    assert list(Path(".showpad-contracts/ledgers").iterdir()) == []


def test_what_is_not_marked_is_created_on_a_mock_of_its_own_alone(url: str) -> None:
    ended = kit_here(
        *("check", "--api", "rspace", "--target", url, "--allow-writes", "-v", "--rule", "RS-DOC-CREATED"),
        cwd=Path(),
        env=KEYS,
    )
    assert ended.code == 0, ended.err
    assert "only the kit's own mock" in ended.out


def test_the_program_checks_lists_and_describes_it() -> None:
    checked = kit("check", "--api", "rspace", "--profile", "quick", "--rule", "RS-UNSHARE-*", cwd=Path())
    assert checked.code == 0, checked.out + checked.err
    assert "RS-SHARE-FAILED" in kit_here("rules", "--api", "rspace", cwd=Path()).out
    assert kit_here("openapi", "--api", "rspace", cwd=Path()).out == SUITE.openapi()
