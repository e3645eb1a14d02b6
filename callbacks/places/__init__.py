"""The callbacks of places."""
