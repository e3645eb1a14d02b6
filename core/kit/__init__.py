"""Carry every domain: database, clock, money, errors, words, servers. Nothing here knows parking."""
