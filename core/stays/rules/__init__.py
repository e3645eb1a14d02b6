"""Decisions on stays alone: sightings in, visits and runs out. No database, no clock, no settings."""
