"""Verifies a delivery as a receiver does, by the reference alone: arguments are signatures, timestamp and key."""

import base64
import hashlib
import hmac
import sys

signatures, timestamp, key = sys.argv[1:]
mine = hmac.new(key.encode(), sys.stdin.buffer.read() + f".{timestamp}".encode(), hashlib.sha256).digest()
made = [base64.b64decode(one) for one in signatures.split(",")]
sys.stdout.write(str(any(hmac.compare_digest(one, mine) for one in made)).lower())
