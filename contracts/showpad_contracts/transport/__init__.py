"""Sending: what may leave, how, how long an answer may be; what was created on the way."""
