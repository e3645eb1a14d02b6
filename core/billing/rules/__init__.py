"""Prices alone: an interval and a tariff in, lines and an amount out. No database, no settings."""
