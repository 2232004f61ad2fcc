"""`showpad-mock webhooks exercise`: receivers with one mistake each, and the smallest schedule that shows it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from showpad_mock.cli import main
from showpad_mock.faults.deliveries import DELIVERY_EFFECTS
from showpad_mock.webhooks.weather.mangling import Weather
from showpad_mock.webhooks.weather.schedule import Expected, Step, expected

from . import receiver
from .receiver import KEY, receiving

JUDGE = f"{sys.executable} {Path(receiver.__file__)}"
ONE_FAIR = "  1. event 1 as documented"


def exercise(url: str, *more: str, command: str | None = None) -> int:
    arguments = ["--url", url, "--verify-cmd", command or f"{JUDGE} {url}", "--key", KEY, "--examples", "30"]
    return main(["webhooks", "exercise", *arguments, *more])


def test_a_receiver_that_bears_it_all_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    with receiving(None) as url:
        assert exercise(url) == 0
    assert "right after 30 schedules" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("mistake", "schedule"),
    [
        ("handles the second try too", [ONE_FAIR, "  2. event 1 as documented"]),
        ("believes everybody", ["  1. event 1 with a timestamp of six minutes ago, rightly signed"]),
        ("believes any time", ["  1. event 1 with a timestamp of six minutes ago, rightly signed"]),
        ("reads one signature", ["  1. event 1 signed by a new key and the present one"]),
        ("refuses everything", [ONE_FAIR]),
    ],
)
def test_the_smallest_schedule_that_shows_a_mistake_is_told(
    capsys: pytest.CaptureFixture[str], mistake: str, schedule: list[str]
) -> None:
    with receiving(mistake) as url:
        assert exercise(url) == 1
    told = capsys.readouterr().out.splitlines()
    start = told.index("The side effects are wrong. The smallest schedule that shows it:") + 1
    assert told[start : told.index("expected side effects:")] == schedule
    assert "was handled" in told[-1]


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("no-such-command", "no-such-command"),
        (f"{sys.executable} -c 'raise SystemExit(3)'", "ended with 3"),
        ("''", ""),
    ],
)
def test_a_command_that_does_not_work_is_no_verdict(
    capsys: pytest.CaptureFixture[str], command: str, reason: str
) -> None:
    with receiving(None) as url:
        assert exercise(url, command=command) == 2
    assert reason in capsys.readouterr().err


def test_the_command_is_told_how_each_delivery_was_made_in_the_words_of_the_faults(tmp_path: Path) -> None:
    told = tmp_path / "told"
    with receiving(None) as url:
        assert exercise(url, command=f"sh -c 'cat >> {told}; echo >> {told}'") == 0
    schedules = [json.loads(line)["deliveries"] for line in told.read_text().splitlines()]
    kinds = {one["weather"] for schedule in schedules for one in schedule}
    assert kinds == set(Weather)
    assert kinds - {"fair", "next-key"} <= set(DELIVERY_EFFECTS)


def test_a_receiver_that_is_not_there_is_no_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    with receiving(None) as url:
        pass
    assert exercise(url) == 2
    assert "cannot be reached" in capsys.readouterr().err


def test_hosts_beyond_loopback_are_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert exercise("http://receiver.example.com/") == 2
    assert "--allow-webhook-host" in capsys.readouterr().err


def test_what_a_receiver_always_fails_to_take_may_be_lost() -> None:
    sent = [Step(1, Weather.FAIR), Step(2, Weather.OVERSIZED), Step(3, Weather.WRONG_KEY), Step(4, Weather.ROTATED)]
    fates = expected([1, 2, 3, 4, 5], sent[1:], sent)
    assert fates == {
        1: Expected.EITHER,
        2: Expected.EITHER,
        3: Expected.NEVER,
        4: Expected.ONCE,
        5: Expected.NEVER,
    }
