"""The callbacks of the pages of devices."""
