"""A receiver as somebody may write it, with the mistake that it is started with; `GET /` tells its side effects."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from urllib.request import urlopen

from showpad_mock.webhooks import verify

KEY = "the-key"


class Receiver:
    """What a receiver makes of deliveries, and the mistake that it makes."""

    def __init__(self, mistake: str | None) -> None:
        self.mistake = mistake
        self.effects: Counter[str] = Counter()
        self._lock = Lock()

    def take(self, body: bytes, signature: str, timestamp: str) -> int:
        """Handle a delivery; returns the status to answer with."""
        if self.mistake == "refuses everything":
            return 400
        if not self._is_genuine(body, signature, timestamp):
            return 401
        event = json.loads(body)["id"]
        with self._lock:
            if event not in self.effects or self.mistake == "handles the second try too":
                self.effects[event] += 1
        return 204

    def _is_genuine(self, body: bytes, signature: str, timestamp: str) -> bool:
        if self.mistake == "believes everybody":
            return True
        if self.mistake == "reads one signature":
            signature = signature.partition(",")[0]
        now = float(timestamp) if self.mistake == "believes any time" else None
        return verify(body, signature=signature, timestamp=timestamp, key=KEY, now=now)


def handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            self.answer(200, json.dumps(receiver.effects).encode())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            signed = (self.headers[f"X-Showpad-Signature-{name}"] for name in ("V1", "Timestamp"))
            self.answer(receiver.take(body, *signed))

        def answer(self, status: int, body: bytes = b"") -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


@contextmanager
def receiving(mistake: str | None) -> Iterator[str]:
    """Run the receiver in this process; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(Receiver(mistake)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def judge(url: str) -> int:
    """The owner's command: compare the side effects with what is expected."""
    with urlopen(url, timeout=5) as answer:
        effects = json.load(answer)
    wanted = {"once": (1,), "never": (0,), "either": (0, 1)}
    for event in json.load(sys.stdin)["events"]:
        if effects.get(event["id"], 0) not in wanted[event["expected"]]:
            print(f"{event['type']} was handled {effects.get(event['id'], 0)} times")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(judge(sys.argv[1]))
