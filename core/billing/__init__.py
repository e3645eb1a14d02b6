"""
Billing: what a stay costs, by which tariff, line by line.

Words: a *calendar* says what kind of day each day is, in versions; a *tariff* has *versions*, immutable once used; an
*assignment* says which version holds at a site for a class of vehicles from when to when; a *price* is the gross amount with
its *lines*; a *quote* is what somebody was told who asked for it, and is *used* by the payment that names it; a *record* is a
stay of the past with what was paid for it. Tables calendar, calendar_version, calendar_change, calendar_day, tariff,
tariff_version, tariff_assignment, tariff_case, quote, price_quote, quote_used, quote_refused.
"""
