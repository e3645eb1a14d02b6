"""
Finance: the ledger, and what is booked in it. Tables account, transfer, payment, channel_trade.

Words: a *transfer* moves an amount from one account (credited) to another (debited), so every entry balances by
construction; a *posting* is what should be booked for a claim; booking writes the difference between what should be
and what is. Amounts are whole fen and positive; a withdrawal is a reversal, never an edit.
"""
