"""Access alone: values in, value out. No database, no settings."""
