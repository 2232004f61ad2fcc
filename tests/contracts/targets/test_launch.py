"""The mock that the kit starts for a run is gone with the run, whatever ended it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from showpad_contracts.showpad.targets import MOCK

from ...harness.program import waiting_for_its_end

RUN = """
import signal
from showpad_contracts.showpad.targets import MOCK
with MOCK.launched("orphan") as target:
    print(target.base_url, flush=True)
    signal.pause()
"""


def test_the_mock_is_gone_when_the_run_is_over() -> None:
    with MOCK.launched("short-lived") as target:
        ended = waiting_for_its_end(target.base_url)
    ended()


@pytest.mark.skipif(sys.platform == "win32", reason="no signal.pause")
def test_a_kit_that_is_killed_leaves_no_mock_behind() -> None:
    process = subprocess.Popen([sys.executable, "-c", RUN], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    ended = waiting_for_its_end(process.stdout.readline().strip())
    process.kill()
    process.communicate()
    ended()
