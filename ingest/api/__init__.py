"""
The HTTPS door: the messages of `ingest.messages` from devices and gateways that speak HTTP.

A request bears the name of a key, an instant, a nonce and an HMAC-SHA256 over all of it. It is answered when its
messages are stored, and a request that comes again gets the answer it got before. Tables device (keys), door_request.
"""

from ingest.api.routes import register

__all__ = ["register"]
