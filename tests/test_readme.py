"""The README is true: every block is run, every generated part is as the code has it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from showpad_contracts.showpad.targets import TARGETS
from showpad_mock.showpad.seed.reading import read_seed

from .harness.program import serving
from .harness.readme import README, blocks, section, with_sections

TEXT = README.read_text(encoding="utf-8")
RUN_HERE = TEXT.replace(section("Generate a client"), "")
"""That section's blocks need other tools; openapi_tools/test_readme_section.py runs them."""
CI = (README.parent / ".ci/run").read_text(encoding="utf-8")
MAKEFILE = (README.parent / "Makefile").read_text(encoding="utf-8")
ALL_RULES = " --profile quick"
"""How a command ends that checks all rules. CI does so by `make demo`, so that here a few are enough."""
INSTALLING = "pip install showpad-mock\nshowpad-mock serve\n"
"""Run, with the wheel in place of the name, by test_packaging.py."""


def test_the_generated_parts_are_as_the_code_has_them() -> None:
    assert with_sections(TEXT) == TEXT, "run: python -m tests.harness.readme"


def test_there_is_no_block_that_no_test_knows() -> None:
    known = [block for language in ("bash", "python", "json", "toml", "yaml") for block in blocks(RUN_HERE, language)]
    assert sorted(known) == sorted(blocks(RUN_HERE))


def test_what_calls_make_is_run_by_ci() -> None:
    for line in "\n".join(blocks(RUN_HERE, "bash")).splitlines():
        if line.startswith("make "):
            assert line == "make test" or line in CI.splitlines()  # make check, the gate, makes test


def test_what_checks_all_rules_is_run_by_make_demo() -> None:
    lines = [line for line in "\n".join(blocks(RUN_HERE, "bash")).splitlines() if line.endswith(ALL_RULES)]
    assert lines
    for line in lines:
        assert line.replace("showpad-contracts", "showpad_contracts") in MAKEFILE


def test_the_commands_work_one_after_the_other(tmp_path: Path) -> None:
    commands = [block for block in blocks(RUN_HERE, "bash") if not block.startswith("make ") and block != INSTALLING]
    assert INSTALLING in blocks(RUN_HERE, "bash")
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    environment["SHOWPAD_MOCK_CA_FOLDER"] = str(tmp_path / "ca")
    ready = tmp_path / "ready"
    with serving("-q", "--proxy-port", "0", "--ready-file", str(ready), env=environment) as program:
        proxy = ready.read_text().splitlines()[-1].removeprefix("proxy ")
        script = "\n".join(commands).replace("http://127.0.0.1:7470", program.origin)
        script = script.replace("http://127.0.0.1:7472", proxy)
        script = script.replace(f"{ALL_RULES}\n", f"{ALL_RULES} --rule '*-404'\n")
        script = script.replace("curl ", "curl -sS --fail-with-body ")
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True
        )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("block", [one for one in blocks(RUN_HERE, "python") if "def test_" in one])
def test_the_tests_pass(block: str, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(block)
    pytester.runpytest_subprocess().assert_outcomes(passed=block.count("def test_"))


@pytest.mark.parametrize("block", [one for one in blocks(RUN_HERE, "python") if "def test_" not in one])
def test_the_programs_run(block: str, tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", block], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("block", blocks(RUN_HERE, "toml"))
def test_the_target_can_be_read(block: str, tmp_path: Path) -> None:
    file = tmp_path / "target.toml"
    file.write_text(block, encoding="utf-8")
    target = TARGETS.read(file, {"SHOWPAD_ADMIN_TOKEN": "secret"})
    assert (target.subdomain, target.token("admin", oauth=False)) == ("acme", "secret")


@pytest.mark.parametrize("block", blocks(RUN_HERE, "json"))
def test_the_seed_data_can_be_served(block: str, tmp_path: Path) -> None:
    file = tmp_path / "seed.json"
    file.write_text(block, encoding="utf-8")
    assert read_seed(str(file)).subdomain == "acme"
