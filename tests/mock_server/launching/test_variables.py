"""The variables under which clients of every kind go by the proxy and trust the authority."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from showpad_mock.launching.trusted import Trusted
from showpad_mock.launching.variables import FORMATS, Reached, as_json, as_shell, variables
from showpad_mock.web.hosts import HostPatterns

AWKWARD = 'it\'s "a" $(rm) `b` \\ path\n#, with; spaces & more'


def reached(folder: str = "/data") -> Reached:
    return Reached(
        proxy="http://run:secret@127.0.0.1:4444",
        hosts=HostPatterns(["{tenant}.api.example.com"]),
        trusted=Trusted(Path(folder, "ca-bundle.pem"), Path(folder, "trust.p12")),
        base_url="http://127.0.0.1:3333/v4",
        token="mock.demo.admin",
    )


def test_each_client_is_told_in_its_own_way() -> None:
    told = variables(reached(), {})
    assert {name: told[name] for name in told if "proxy" in name.lower() and name != "NODE_USE_ENV_PROXY"} == {
        **dict.fromkeys(("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"), "http://run:secret@127.0.0.1:4444"),
        **dict.fromkeys(("NO_PROXY", "no_proxy"), "localhost,127.0.0.1,::1"),
    }
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"):
        assert told[name] == "/data/ca-bundle.pem"
    assert (told["SHOWPAD_BASE_URL"], told["SHOWPAD_TOKEN"]) == ("http://127.0.0.1:3333/v4", "mock.demo.admin")


def test_hosts_that_were_called_directly_are_so_still_but_not_the_vendors() -> None:
    before = {"NO_PROXY": "intra.example.org, .acme.api.example.com,*.api.example.com,api.example.com,*,::1"}
    assert variables(reached(), before)["no_proxy"] == "intra.example.org,::1,localhost,127.0.0.1"


@pytest.mark.parametrize(
    "entry", ["com", ".COM", "*.com", "com.", "com:443", "example.com", "ple.com", "*ple.com", "."]
)
def test_a_domain_above_the_vendors_is_not_called_directly(entry: str) -> None:
    before = {"NO_PROXY": f"intra.example.org, {entry} net"}
    assert variables(reached(), before)["no_proxy"] == "intra.example.org,net,localhost,127.0.0.1,::1"


@pytest.mark.parametrize("entry", ["other.com", ".other.example.com", "10.0.0.0/8", "[::2]", "e.co"])
def test_what_only_resembles_a_vendors_host_is_called_directly(entry: str) -> None:
    assert variables(reached(), {"NO_PROXY": entry})["no_proxy"].split(",")[0] == entry


def test_java_keeps_its_options_and_gets_no_credential() -> None:
    told = variables(reached(), {"JAVA_TOOL_OPTIONS": "-Xmx64m", "no_proxy": ".example.org"})["JAVA_TOOL_OPTIONS"]
    assert told.split() == [
        "-Xmx64m",
        "-Dhttp.proxyHost=127.0.0.1",
        "-Dhttp.proxyPort=4444",
        "-Dhttps.proxyHost=127.0.0.1",
        "-Dhttps.proxyPort=4444",
        "-Dhttp.nonProxyHosts=*.example.org|localhost|127.0.0.1|::1",
        "-Djavax.net.ssl.trustStore=/data/trust.p12",
        "-Djavax.net.ssl.trustStoreType=PKCS12",
        "-Djavax.net.ssl.trustStorePassword=changeit",
    ]


def test_java_gets_a_folder_with_spaces_and_quotes_as_one_option() -> None:
    told = variables(reached("/my 'own' data"), {})["JAVA_TOOL_OPTIONS"]
    assert """ '-Djavax.net.ssl.trustStore=/my '"'"'own'"'"' data/trust.p12' """ in told


@pytest.mark.parametrize("value", [AWKWARD, "", "-n", "plain", "é"])
def test_a_shell_gets_back_what_was_printed(value: str) -> None:
    script = f'{as_shell({"TOLD": value})}\nprintf %s. "$TOLD"'
    done = subprocess.run(["sh", "-euc", script], capture_output=True, text=True, check=True)
    assert done.stdout == f"{value}."


@pytest.mark.parametrize("value", [AWKWARD.replace("\n", ""), "", "plain", "-Da=b -Dc='d e'"])
def test_a_dotenv_file_can_be_read_by_a_shell_too(value: str) -> None:
    script = f'{FORMATS["dotenv"]({"TOLD": value})}\nprintf %s. "$TOLD"'
    done = subprocess.run(["sh", "-euc", script], capture_output=True, text=True, check=True)
    assert done.stdout == f"{value}."


def test_json_is_an_object() -> None:
    assert json.loads(as_json({"TOLD": AWKWARD})) == {"TOLD": AWKWARD}
