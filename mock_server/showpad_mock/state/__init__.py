"""What the server knows: stores of records, tenants, units of work and snapshots."""
