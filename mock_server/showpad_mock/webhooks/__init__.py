"""Webhooks of any vendor: signing, and what a receiver does with a signature."""

from .signing import sign, verify

__all__ = ["sign", "verify"]
