"""
Billing: what a stay costs, by which tariff, line by line. Tables tariff, tariff_version, tariff_assignment, quote.

Words: a *tariff* has *versions*, immutable once used; an *assignment* says which version holds at a site for a class
of vehicles from when to when; a *price* is the gross amount with its *lines*.
"""
