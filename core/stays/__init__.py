"""
Stays: who stood where from when to when, derived from what the sources saw.

Words: a *timeline* is the history of one space, or of one vehicle at a gated site; a *sighting* is one thing seen of
it; a *run* is a stretch of one state; a *visit* is a stay while it is being folded; a *case* is what a person should
look at. Tables: timeline, stay, open_stay, occupancy_interval, stay_amendment, review_case. Every stay can be derived
again from table event.
"""
