"""Sequences of requests to RSpace, each answer held against a model of what is promised."""
