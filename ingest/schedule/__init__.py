"""
The clock: jobs declared in code, run by one process that an advisory lock chooses, each slot of time once.

Whoever starts `boshu jobs` a second time gets a stand-by that takes over within seconds.
"""
