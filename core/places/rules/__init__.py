"""Decisions about places alone: shapes on the map, rows of berths along them."""
