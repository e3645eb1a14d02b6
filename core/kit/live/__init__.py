"""
The live stream: one picture of the present, read once a second, sent to every screen (Server-Sent Events).

Words: a *picture* is the whole state as JSON; a *tick* is one publication of it with the next sequence number; a *group*
is what the source draws together, at its own cadence. Nothing here knows what the picture shows.
"""
