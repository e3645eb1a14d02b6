"""Decisions about counts: values in, value out."""
