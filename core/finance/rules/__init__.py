"""Bookkeeping alone: a claim and its payments in, postings out."""
