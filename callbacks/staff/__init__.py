"""Staff: who works where."""
