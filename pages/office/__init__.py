"""Office: what an operator says of itself."""
