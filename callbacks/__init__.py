"""Callbacks: what happens on each screen. One click is one transaction and one notice."""
