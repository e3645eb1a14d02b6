"""/system/sign-ins: who tried to sign in."""

from callbacks.access.sign_ins import SIGN_INS
from core.ui import register

layout = register.page(__name__, SIGN_INS)
