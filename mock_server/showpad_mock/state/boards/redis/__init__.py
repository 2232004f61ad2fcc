"""A board in Redis or Valkey (7 or newer), beside the log there."""

from .board import RedisBoard

__all__ = ["RedisBoard"]
