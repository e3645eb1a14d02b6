"""
Occupancy: how full places are, as counted rather than derived from stays.

Words: a *count* is what somebody told of a lot at one instant; a *fault* says why a count cannot be true. Table
count_snapshot. Counts are added and never changed; an impossible one is kept, marked, and published nowhere.
"""
