"""Runs a snippet of the guides with the real client: curl, Node or Python with requests."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from fixtures.guides.exchanges import Answer
from fixtures.guides.languages import with_options

from ..harness.installed import program

TIMEOUT_SECONDS = 60
JS_PARSED = re.compile(r"^const (\w+) = await response\.json\(\);$", re.MULTILINE)
PYTHON_PARSED = re.compile(r"^(\w+) = response\.json\(\)$", re.MULTILINE)


def run_curl(text: str, folder: Path) -> Answer:
    """Let bash run the command; the status comes in a last line of its own."""
    program("curl")
    command = with_options(text, "-sS", "-w", "\\n%{http_code}")
    printed = _run([program("bash")], _written(folder / "snippet.sh", command))
    content, _, status = printed.rpartition("\n")
    return Answer(int(status), content.encode())


def run_node(text: str, folder: Path) -> Answer:
    """Let Node run the module; what its variable holds is printed after it, as the last line."""
    parsed = JS_PARSED.search(text)
    content = f"JSON.stringify({parsed[1]})" if parsed else "await response.text()"
    ending = f"console.log(JSON.stringify({{status: response.status, content: {content}}}));\n"
    return _last_line(_run([program("node")], _written(folder / "snippet.mjs", text + "\n" + ending)))


def run_python(text: str, folder: Path) -> Answer:
    """Let Python run the module; what its variable holds is printed after it, as the last line."""
    parsed = PYTHON_PARSED.search(text)
    content = f"json.dumps({parsed[1]})" if parsed else "response.text"
    ending = f"import json\nprint(json.dumps({{'status': response.status_code, 'content': {content}}}))\n"
    return _last_line(_run([sys.executable], _written(folder / "snippet.py", text + "\n" + ending)))


RUN: dict[str, Callable[[str, Path], Answer]] = {"curl": run_curl, "javascript": run_node, "python": run_python}


def _written(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file


def _run(command: list[str], file: Path) -> str:
    # Neither a proxy nor a .curlrc or .netrc of this machine is a part of what the guides print.
    environ = {"PATH": os.environ["PATH"], "HOME": str(file.parent)}
    ended = subprocess.run(
        [*command, str(file)],
        cwd=file.parent,
        env=environ,
        capture_output=True,
        encoding="utf-8",
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""
    return ended.stdout


def _last_line(printed: str) -> Answer:
    told = json.loads(printed.splitlines()[-1])
    return Answer(told["status"], told["content"].encode())
