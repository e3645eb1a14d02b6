"""
The entrance: who is let in, and to what.

`policies` says what each address needs, `gate` asks for it before anything else looks at a request and denies the rest,
`routes` are the pages on which people sign in and look after their sessions, `failures` what is answered when something goes
wrong. They are plain HTML, for nothing of the
screens' own machinery is given to strangers.
"""

from collections.abc import Callable

from flask import Flask

from core.kit import secrets
from core.kit.clock import Clock
from core.kit.db import Database
from core.kit.secrets import Keys
from core.ui.entrance import failures, gate, routes


def register(
    server: Flask, *, database: Database, clock: Clock, is_https: bool, keys: Keys | None = None
) -> Callable[[], Callable[[], bool]]:
    """
    Put the gate before an application and give it the pages of the entrance.

    `keys` seal the secrets of authenticators; by default those of this installation.

    Return what a route asks for that answers for long: it returns what tells whether its reader is still let in.
    """
    cookies = gate.register(server, database=database, clock=clock, is_https=is_https)
    routes.register(server, database=database, clock=clock, cookies=cookies, keys=keys or secrets.keys())
    failures.register(server)
    return gate.still_let_in
