"""Customers: vehicles, and what holds for their plates."""
