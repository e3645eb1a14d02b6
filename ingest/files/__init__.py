"""Bring in files of other systems: a mapping says what a row means, what cannot be understood is listed, never lost."""
