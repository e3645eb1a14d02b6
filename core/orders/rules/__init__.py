"""Decisions on claims alone: which stay a payment is for, in which state a claim is."""
