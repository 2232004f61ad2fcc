"""The contract-test kit for the sharing API of Showpad: today the catalogue of its rules, showpad/rules.toml."""
