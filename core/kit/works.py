"""
Works: what each command of the product does, by name.

The kit knows no higher room; it finds the work of a command when the command runs.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

WORK: Final = {
    "web": "app:serve_web",
    "live": "app:serve_live",
    "ingest": "ingest.mqtt.worker:run",
    "reserve": "ingest.mqtt.consumer:reserve",
    "bridge": "ingest.vendors.bridge:run",
    "jobs": "ingest.schedule.runner:run",
    "exports": "callbacks.exporting:run",
    "simulate": "ingest.simulator.live:run",
    "city": "ingest.simulator.city:build",
    "past": "ingest.simulator.albums:load",
    "audit": "core.access.seals:verify_now",
    "begin": "core.access.starting:begin",
    "no_demo": "core.access.starting:require_no_demo",
    "code": "core.access.starting:new_code",
    "logins": "ingest.simulator.logins:open_accounts",
    "stays": "ingest.files.stays:run_import",
    "occupancy": "ingest.files.occupancy:run_import",
    "events": "ingest.files.events:run_import",
    "meters": "ingest.files.meters:run_import",
    "bays": "ingest.files.bays:run_import",
    "snapshots": "ingest.files.snapshots:run_import",
    "verify_tariff": "core.billing.explaining:verify_files",
    "explain_tariff": "core.billing.explaining:explain_file",
    "recorded": "ingest.files.recorded:compare_file",
}
"""Where the work of a command is done: module and function."""


def work(name: str) -> Callable[..., Any]:  # every work has its own signature; the command knows it
    """Return what is done under a name."""
    module, _colon, function = WORK[name].partition(":")
    found: Callable[..., Any] = getattr(import_module(module), function)
    return found
