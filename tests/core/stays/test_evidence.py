"""What people bring stands beside its stay or its passage, says who they are, and is not taken away."""

import hashlib
from datetime import timedelta

import psycopg
import pytest
from obstore.store import ObjectStore

from core.kit.db import Tx
from core.kit.ids import uuid7
from core.stays import evidence, pictures, uploads
from core.stays.evidence import Beside, Draft
from tests.core.kit.test_pictures import drawn
from tests.core.stays.gallery import AT, a_clerk, an_upload

HOUR = timedelta(hours=1)


class TestBring:
    def test_puts_a_picture_beside_a_stay_with_who_and_why(self, tx: Tx, folder: ObjectStore) -> None:
        clerk, site_id, space_id, stay_id = a_clerk(tx), uuid7(), uuid7(), uuid7()
        draft = Draft(pictures=[an_upload(tx, clerk, into=folder)])
        row = {"site_id": site_id, "subject_id": space_id, "entered_at": AT - HOUR, "stay_id": stay_id}

        done_n = evidence.bring_to_stays(tx, [stay_id], rows=[row], reason="an appeal", by=clerk, at=AT, draft=draft)

        (found,) = evidence.list_of_subject(tx, site_id=site_id, subject_id=space_id, from_at=AT - HOUR, to_at=AT)
        assert (done_n, found.is_kept, found.by, found.at, found.reason) == (1, True, "Somebody", AT, "an appeal")
        assert pictures.fetch(tx, site_id=site_id, frame_sha256=bytes.fromhex(found.sha256), sites=[site_id], out_of=folder)
        assert evidence.list_of_subject(tx, site_id=site_id, subject_id=space_id, from_at=AT, to_at=AT + HOUR) == ()
        assert evidence.list_of_subject(tx, site_id=uuid7(), subject_id=space_id, from_at=AT - HOUR, to_at=AT) == ()

    def test_puts_a_picture_beside_one_passage_and_its_stay(self, tx: Tx, folder: ObjectStore) -> None:
        clerk, site_id, space_id, event_id = a_clerk(tx), uuid7(), uuid7(), uuid7()
        draft = Draft(pictures=[an_upload(tx, clerk, into=folder)])
        row = {"site_id": site_id, "subject_id": space_id, "at": AT - HOUR, "event_id": event_id}

        evidence.bring_to_passages(tx, [event_id], rows=[row], reason="misread", by=clerk, at=AT, draft=draft)

        assert len(evidence.list_of_event(tx, site_id=site_id, event_id=event_id)) == 1
        assert evidence.list_of_event(tx, site_id=site_id, event_id=uuid7()) == ()
        assert len(evidence.list_of_subject(tx, site_id=site_id, subject_id=space_id, from_at=AT - HOUR, to_at=AT)) == 1

    def test_takes_no_picture_of_somebody_else(self, tx: Tx, folder: ObjectStore) -> None:
        foreign = an_upload(tx, a_clerk(tx), into=folder)

        with pytest.raises(uploads.NoSuchUpload):
            evidence.bring(tx, [Beside(uuid7(), uuid7(), AT)], [foreign], reason="mine", by=a_clerk(tx).id, at=AT)

        assert tx.value("select count(*) from brought_picture") == 0

    def test_leaves_a_device_s_picture_what_it_is(self, tx: Tx, folder: ObjectStore) -> None:
        clerk, site_id = a_clerk(tx), uuid7()
        frame = hashlib.sha256(drawn((32, 32))).digest()
        seen = pictures.Seen(bytes(32), 10, 4, 4)
        pictures.put(tx, pictures.Keeping(seen, frame, "read"), site_id=site_id, at=AT - HOUR)

        evidence.bring(tx, [Beside(site_id, None, AT)], [an_upload(tx, clerk, into=folder)], reason="again", by=clerk.id, at=AT)

        assert tx.tuples("select kind, brought_by, kept_sha256 from picture") == [("read", None, bytes(32))]

    def test_is_not_undone(self, tx: Tx, folder: ObjectStore) -> None:
        clerk = a_clerk(tx)
        evidence.bring(tx, [Beside(uuid7(), None, AT)], [an_upload(tx, clerk, into=folder)], reason="so", by=clerk.id, at=AT)

        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            tx.run("delete from brought_picture")
