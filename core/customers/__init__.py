"""Customers: vehicles and what their plates tell of them. Table vehicle; a vehicle is a plate together with its colour."""
