"""
Access: who may do what.

Words: an *actor* is whoever acts, a person or the product itself; a *permission* is one thing that may be done. Until
sign-in exists the product listens on loopback only, and whoever reaches it there is the one local actor.
"""
