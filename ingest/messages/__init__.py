"""
What devices say, exactly as they say it: one pydantic model a message kind, one module a collection mode.

Topic: `boshu/v1/<site>/<gateway>/<device>/<kind>`; payload: one JSON object of at most 64 KiB. Instants are whole
milliseconds of the device's own clock. A key that is not named here is refused, so that a vendor's new field is
noticed and not lost in silence. Vendor formats become these messages through adapters before they get here.
"""
