"""Faults: trouble that a test asks for. Which one a call or a delivery meets is decided here; what it does to
a call, in `effects`; to a delivery, in `deliveries`.
"""
