"""Stays: where pictures of evidence are kept, and what became of them."""
