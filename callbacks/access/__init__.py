"""Access: who may do what, who did what, and the screens on walls."""
