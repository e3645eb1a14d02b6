"""
Stays: who stood where from when to when, derived from what the sources saw.

Words: a *timeline* is the history of one space, or of one vehicle at a gated site; a *sighting* is one thing seen of
it; a *run* is a stretch of one state; a *visit* is a stay while it is being folded; a *case* is what a person should
look at; a *sum* is how many spaces of a site are in which state now. Tables: timeline, running_sum, stay, open_stay,
occupancy_interval, stay_amendment, review_case. Every stay can be derived again from table event, every sum from timeline.
"""
