"""
Insight: reading across all domains for screens. Nothing here writes.

Words: a *tile* is one panel of the wall with its figures, its age and its KPI; a *source* is a kind of device or partner
whose silence makes tiles stale; a *KPI* is a defined figure. Tables: none of its own; it reads rollups, deltas and facts.
"""
