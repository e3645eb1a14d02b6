"""Billing: tariffs, where they hold, and the kinds of days they know."""
