"""
Listing: one page of a long list, filtered and sorted by the database.

A *relation* is a named statement with its key and the columns a reader may filter and sort by; what is *asked* comes from
a screen. Names of columns are checked against the relation and quoted, values are parameters. Rows are found in two steps,
first the keys of the page, then their rows: what only a shown row needs (a lateral sum) is then not computed for all.

A list of few rows may be put together in Python instead; it answers the same questions (`AtHand`).
"""

from core.kit.listing.asking import MOST, Anchor, Asked, Condition, Is, Measure, Order, UnknownColumn, UnreadableValue
from core.kit.listing.at_hand import AtHand, chosen, tally
from core.kit.listing.relation import COUNTED, SUMMED, Narrowed, Relation, contains

__all__ = [
    "COUNTED", "MOST", "SUMMED", "Anchor", "Asked", "AtHand", "Condition", "Is", "Measure", "Narrowed", "Order", "Relation",
    "UnknownColumn", "UnreadableValue", "chosen", "contains", "tally",
]  # fmt: skip
