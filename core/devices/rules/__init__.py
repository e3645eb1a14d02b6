"""Decisions on devices alone: what their clocks are worth."""
