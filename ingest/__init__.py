"""Take in what arrives by itself: messages, requests of machines, files, and the clock."""
