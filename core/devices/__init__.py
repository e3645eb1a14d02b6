"""
Devices: what watches the places, how it is bound to them and how it fares.

Words: a *device* speaks under site, gateway and code; a *binding* says what one of its *channels* watches since when; a
*gap* is a hole in its sequence, an *outage* a stretch of silence or
of a fault. Tables supplier, device, device_binding,
device_state, device_gap, device_outage, device_health.
"""
