"""Our own word on barriers: who passed without an opening of his own is told to the pipeline as a message (R15, R16)."""

import orjson

from core.kit.moments import ms_of
from core.stays import barriers
from core.stays.barriers import Tailgater
from ingest.arrivals import Arrival
from ingest.pipeline import Pipeline
from ingest.schedule.job import Work


def watch(work: Work) -> str:
    """Match openings with passages; a message that was told before is known to the pipeline, and changes nothing."""
    at = work.clock.now()
    with work.database.transaction() as tx:
        audit = barriers.audit(tx, at=at)
    if audit.tailgaters:
        topics = [(_topic(one), _payload(one, sent_ms=ms_of(at))) for one in audit.tailgaters]
        # Other jobs tell the pipeline things at the same time, and one thread alone may use one.
        Pipeline(work.database).take([Arrival(topic, payload, at, "system") for topic, payload in topics])
    return f"{len(audit.tailgaters)} followed, {audit.opened_n} openings to look at, {audit.explained_n} explained"


def _topic(one: Tailgater) -> str:
    return f"boshu/v1/{one.site_code}/{one.gateway_code}/{one.code}/tailgated"


def _payload(one: Tailgater, *, sent_ms: int) -> bytes:
    said = {"seq": 0, "boot": 0, "at_ms": ms_of(one.at), "sent_ms": sent_ms}
    return orjson.dumps({**said, "lane": one.lane, "plate": one.plate, "colour": one.colour})
