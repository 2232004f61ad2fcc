"""The contract-test kit: what Showpad documents of its sharing API, as rules that run against any server of it."""
