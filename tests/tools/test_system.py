from __future__ import annotations

import pytest

from . import system


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Return the commands that would have been run."""
    ran: list[list[str]] = []
    monkeypatch.setattr("subprocess.run", lambda command, **_: ran.append(command))
    return ran


NOT_CURL = [name for name in system.PACKAGES if name != "curl"]


def on_a_machine_with(monkeypatch: pytest.MonkeyPatch, *programs: str, user: int = 0) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}" if name in programs else None)
    monkeypatch.setattr("os.geteuid", lambda: user)


def test_nothing_is_installed_where_everything_is(monkeypatch: pytest.MonkeyPatch, ran: list[list[str]]) -> None:
    on_a_machine_with(monkeypatch, *system.PACKAGES, user=1000)
    system.main()
    assert ran == []


def test_root_gets_what_is_missing(monkeypatch: pytest.MonkeyPatch, ran: list[list[str]]) -> None:
    on_a_machine_with(monkeypatch, "apt-get", *NOT_CURL)
    system.main()
    assert ran == [["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", "curl"]]


@pytest.mark.parametrize(("user", "programs"), [(1000, ["apt-get", *NOT_CURL]), (0, NOT_CURL)])
def test_who_cannot_install_it_is_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch, ran: list[list[str]], user: int, programs: list[str]
) -> None:
    on_a_machine_with(monkeypatch, *programs, user=user)
    with pytest.raises(SystemExit, match=r"curl must be installed first; as root: apt-get install .* curl"):
        system.main()
    assert ran == []
