from __future__ import annotations

from pathlib import Path

import pytest

from showpad_mock.state.logs.redis import address

WRONG = {
    "http://ann:tops3cret@host": "must begin with one of redis, ",
    "redis+sentinel://ann:tops3cret@host": "must begin with one of redis, ",
    "redis://ann:tops3cret@host:port": "no port that is a number",
    "redis://ann:tops3cret@": "must name a host",
    "redis://ann:77/tops3cret@host": "must name a host",
    "redis://ann:77?tops3cret=@host": "must name a host",
    "redis://ann:77#tops3cret@host": "must name a host",
    "redis://:tops3cret/@host": "no port that is a number",
    "redis://host/tops3cret": "must be the number of a database",
    "redis://host?tops3cret=1": "knows no parameters but",
    "redis://host?password=tops3cret": "knows no parameters but",
    "redis://host?wait_replicas=tops3cret": "wait_replicas in the engine's URL must be a number",
    "redis://host?ssl_ca_certs=tops3cret": "ssl_ca_certs in the engine's URL needs rediss://",
    "rediss://host?ssl_ca_certs=/tops3cret": "ssl_ca_certs in the engine's URL must name a file",
    "redis://ann:tops3cret@host,other": "must name one host",
    "redis+cluster://ann:tops3cret@host,": "must name a host",
    "redis+cluster://ann:tops3cret@host,other:port": "no port that is a number",
    "redis+cluster://host/77": "a cluster has no numbered databases",
}


@pytest.mark.parametrize("url", WRONG)
def test_a_wrong_url_is_told_by_what_is_wrong_and_never_repeated(url: str) -> None:
    with pytest.raises(ValueError, match=WRONG[url]) as told:
        address.read(url)
    assert not any(secret in str(told.value) for secret in ("tops3cret", "ann", "77"))


def test_user_and_password_are_read_in_any_spelling_and_not_shown() -> None:
    read = address.read("redis://a%40nn:t%2Fop%20s3cret@host:77/5")
    assert read.options == {
        "username": "a@nn", "password": "t/op s3cret", "db": 5, "ssl": False
    }  # fmt: skip
    assert read.name == "host:77"
    assert "s3cret" not in repr(read)


def test_what_is_not_said_is_the_usual() -> None:
    read = address.read("redis://host")
    assert (read.places, read.options) == ((("host", 6379),), {"ssl": False})
    assert (read.is_cluster, read.wait_replicas) == (False, 0)


def test_of_a_cluster_several_nodes_may_be_named() -> None:
    read = address.read("redis+cluster://ann:s3cret@host,other:77,third?wait_replicas=1")
    assert read.places == (("host", 6379), ("other", 77), ("third", 6379))
    assert read.name == "host:6379,other:77,third:6379"
    assert read.options == {"username": "ann", "password": "s3cret", "ssl": False}


def test_a_host_may_be_an_address_of_six_parts() -> None:
    assert address.read("redis://[::1]:7").name == "[::1]:7"


@pytest.mark.parametrize(("scheme", "is_tls"), [("redis+cluster", False), ("rediss+cluster", True)])
def test_a_cluster_is_told_by_its_scheme(scheme: str, is_tls: object) -> None:
    read = address.read(f"{scheme}://host?wait_replicas=2")
    assert (read.is_cluster, read.wait_replicas, read.options["ssl"]) == (True, 2, is_tls)


def test_files_for_tls_are_named_by_parameters(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.touch()
    assert address.read(f"rediss://host?ssl_ca_certs={file}").options["ssl_ca_certs"] == str(file)
