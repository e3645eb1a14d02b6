"""/system/sessions: who is signed in."""

from callbacks.access.sessions import SESSIONS
from core.ui import register

layout = register.page(__name__, SESSIONS)
