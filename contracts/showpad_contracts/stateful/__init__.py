"""Sequences of requests to any API: Hypothesis within a check, steps of a machine, the pass through Schemathesis."""
