"""/system/operations: everything that was done, refused or denied."""

from callbacks.access.operations import OPERATIONS
from core.ui import register

layout = register.page(__name__, OPERATIONS)
