"""
Upkeep: what the product does by itself so that its figures stay true and its people are called in time.

Silence: a device not heard for three of its intervals; table device_outage, mark silent_since in device_state.
Alarm: something that requires a response, raised and cleared by rule; table alarm.
Acknowledgement: somebody says that he sees to an alarm, once; table alarm.
Compaction: deltas become rollups; tables hour_delta, day_delta, hour_rollup, day_rollup, month_rollup.
Forgetting: plates become anonymous and messages empty when their period is over, month by month; table forgotten_month.
Rebuild: rollups counted anew from facts, and compared. Job run: one job in one slot of time; table job_run.
"""
