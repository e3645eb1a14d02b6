"""Decisions about what the sources of one berth tell: values in, values out."""
