"""
Vendors: what other makers' gateways say, put into our messages before it gets here.

`frames` reads the hexadecimal frames of one gateway family, `serials` counts its eight-bit serial numbers on, `adapter` makes
our messages of both, `bridge` carries them from the vendor's broker to ours.
"""
