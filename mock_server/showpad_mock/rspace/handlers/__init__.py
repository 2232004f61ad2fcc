"""From a call to the domain and back; no rule is decided here."""
