"""A log in Redis or Valkey (7 or newer): alone, with replicas, or as a Cluster."""

try:
    from .log import RedisLog
except ModuleNotFoundError as error:
    if error.name != "redis":
        raise
    raise ModuleNotFoundError(
        "state on a shared engine needs the package redis: pip install 'showpad-mock[shared]'", name="redis"
    ) from None

__all__ = ["RedisLog"]
