"""What the daemon survives: faults, storms, hostile clients, long runs."""
