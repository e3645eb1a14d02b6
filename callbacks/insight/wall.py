"""
The wall: its ids.

Nothing of the wall goes through a callback. Values come by the live stream and are written by `assets/js/wall.js`; the
address (`?at=`, `?lang=`, `?reload=`) is read there and by the layout.
"""

from core.ui.ids import Ids

ids = Ids(__name__)
