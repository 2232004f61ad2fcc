"""Where the API lies."""

from __future__ import annotations

V1 = "/api/v1"  # RS-BASE
