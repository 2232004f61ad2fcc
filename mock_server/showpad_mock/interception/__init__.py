"""How an unmodified client reaches the mock: host names, certificates, a proxy."""
