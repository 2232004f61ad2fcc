"""Faults: trouble that a test asks for. Which one a call meets is decided here; what it does, in `effects`."""
