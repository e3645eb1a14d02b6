"""Finance: what a person decides that moves money."""
