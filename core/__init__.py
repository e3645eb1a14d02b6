"""Hold what is true and what may be done: one folder a domain, the lowest first (DESIGN section 2)."""
