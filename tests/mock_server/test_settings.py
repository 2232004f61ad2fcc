from __future__ import annotations

import pytest

from showpad_mock.settings import SETTINGS, SettingError, load_settings


def test_without_flags_and_variables_the_defaults_hold() -> None:
    settings = load_settings([], {})
    assert (settings.host, settings.port, settings.data, settings.strict) == ("127.0.0.1", 7470, "demo", False)


def test_a_variable_beats_the_default() -> None:
    assert load_settings(["--port", "0"], {"SHOWPAD_MOCK_SEED": "7"}).seed == 7


def test_a_flag_beats_its_variable() -> None:
    assert load_settings(["--seed", "8"], {"SHOWPAD_MOCK_SEED": "7"}).seed == 8


@pytest.mark.parametrize(
    ("flag", "value"),
    [
        ("port", "seventy"),
        ("port", "65536"),
        ("port", "-1"),
        ("port", "٣"),
        ("seed", "1.5"),
        ("strict", "maybe"),
        ("log-format", "xml"),
        ("data", ""),
    ],
)
def test_a_bad_value_is_refused_naming_key_and_value(flag: str, value: str) -> None:
    variable = next(one.variable for one in SETTINGS if one.flag == flag)
    with pytest.raises(SettingError, match=f"{variable}=") as refused:
        load_settings([], {variable: value})
    assert repr(value) in str(refused.value)


@pytest.mark.parametrize(("text", "value"), [("true", True), ("0", False), ("No", False), ("YES", True)])
def test_a_switch_is_read_by_word_not_by_truthiness(text: str, value: bool) -> None:  # noqa: FBT001
    assert load_settings([], {"SHOWPAD_MOCK_STRICT": text}).strict is value


def test_a_switch_needs_no_value_as_a_flag() -> None:
    assert load_settings(["--strict", "-q"], {}).quiet


def test_an_unknown_flag_is_refused_and_none_is_abbreviated() -> None:
    with pytest.raises(SettingError, match="--por"):
        load_settings(["--por", "1"], {})


def test_a_secret_has_no_flag_and_no_message_shows_it() -> None:
    variable = "SHOWPAD_MOCK_ADMIN_TOKEN"
    assert load_settings([], {variable: "hush"}).admin_token == "hush"
    with pytest.raises(SettingError, match="no such setting"):
        load_settings(["--admin-token", "x"], {})
    for bad in ("", "hush hush", "hush\n", "hüsh"):
        with pytest.raises(SettingError, match=f"{variable}: must be") as refused:
            load_settings([], {variable: bad})
        assert not bad or bad not in str(refused.value)


def test_every_setting_has_a_variable_of_its_own() -> None:
    assert len({one.variable for one in SETTINGS}) == len(SETTINGS)


@pytest.mark.parametrize(
    ("arguments", "environ"),
    [
        (["--allow-webhook-host", "Receiver.test", "--allow-webhook-host", "10.0.0.1,[fd00::1]"], {}),
        ([], {"SHOWPAD_MOCK_ALLOW_WEBHOOK_HOST": "receiver.test, 10.0.0.1,fd00::1"}),
    ],
)
def test_hosts_may_be_given_several_times(arguments: list[str], environ: dict[str, str]) -> None:
    assert load_settings(arguments, environ).allow_webhook_host == ("receiver.test", "10.0.0.1", "fd00::1")


@pytest.mark.parametrize("host", ["http://receiver.test", "receiver.test:80", "", "a,,b", "a b", "*"])
def test_what_is_no_host_is_refused(host: str) -> None:
    with pytest.raises(SettingError, match="--allow-webhook-host"):
        load_settings(["--allow-webhook-host", host], {})


@pytest.mark.parametrize("flags", [["--state-sync", "full"], ["--state-shared"], ["--memory-tenants", "3"]])
def test_what_means_nothing_without_a_state_is_refused(flags: list[str]) -> None:
    with pytest.raises(SettingError, match=f"{flags[0]}: means nothing without --state"):
        load_settings(flags, {})
    assert load_settings([*flags, "--state", "kept"], {}).state == "kept"


def test_workers_have_a_state_of_which_some_tenants_are_in_memory() -> None:
    assert load_settings(["--workers", "2", "--memory-tenants", "3"], {}).memory_tenants == 3
