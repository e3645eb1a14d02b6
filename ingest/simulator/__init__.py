"""
The demo city 江州: places, devices, drivers and payers, made from a seed (DESIGN D20).

The same seed makes the same city and the same days, so history and live traffic tell one story. What really happened is
kept as the truth beside the messages; the mess dial says what the messages get wrong. Nothing here looks at how the
product decides: prices, above all, are computed once more, apart.
"""
