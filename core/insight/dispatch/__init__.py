"""
Dispatch: what dispatchers see of every berth, at any moment, and why sources disagree.

Words: the *catalogue* is every berth with its place in a row, the same for one version of the registry; a *state byte* is a
berth's state (low three bits) and what calls for attention (flags); a *lane* is one source's story of a berth; a *mismatch*
is a stretch in which lanes tell different stories, with the reason in a sentence; a *card* is everything about one berth.
Nothing is written here. Plates leave this package masked.
"""
