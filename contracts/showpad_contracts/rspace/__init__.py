"""RSpace's ELN API v1, its sharing part: rules, checks, and what they need."""
