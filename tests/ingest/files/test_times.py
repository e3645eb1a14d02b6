"""Times of files: told as instants, the hour that came twice by rule, the hour that never was refused."""

from datetime import UTC, datetime

import pytest

from core.kit.locale import use
from ingest.files.lines import BadRow
from ingest.files.mapping import StayMap
from ingest.files.times import Moment, Times
from tests.ingest.files.test_mapping import a_mapping

AT = datetime(2026, 11, 20, tzinfo=UTC)


def times(zone: str = "Europe/Berlin", twice: str = "refuse", *forms: str) -> Times:
    changes = {"zone": zone, "twice": twice, "times": list(forms or ("%Y-%m-%d %H:%M",))}
    return Times(StayMap.model_validate(a_mapping(**changes)), at=AT)


class TestRead:
    @pytest.mark.parametrize(
        ("form", "text", "wanted"),
        [
            ("unix", "1443657863.0", datetime(2015, 10, 1, 0, 4, 23, tzinfo=UTC)),
            ("iso", "2021-07-01T00:47:00.114Z", datetime(2021, 7, 1, 0, 47, 0, 114_000, tzinfo=UTC)),
            ("iso", "2024-12-09T03:44:36+03:00", datetime(2024, 12, 9, 0, 44, 36, tzinfo=UTC)),
            ("iso", "2021-07-01T02:47", datetime(2021, 7, 1, 0, 47, tzinfo=UTC)),
            ("%m/%d/%Y %I:%M:%S %p", "5/12/2026 3:33:16 PM", datetime(2026, 5, 12, 13, 33, 16, tzinfo=UTC)),
        ],
    )
    def test_understands_the_forms(self, form: str, text: str, wanted: datetime) -> None:
        assert times("Europe/Berlin", "refuse", form).read(text) == Moment(wanted)

    @pytest.mark.parametrize("text", ["2021-07-01", "nan", "", "1e400", "1999-01-01T00:00Z", "2030-01-01T00:00Z"])
    def test_refuses_what_is_no_instant(self, text: str) -> None:
        with pytest.raises(BadRow):
            times("Europe/Berlin", "refuse", "iso", "unix").read(text)

    @pytest.mark.parametrize(
        ("zone", "text"),
        [
            ("Europe/Berlin", "2021-03-28 02:30"),
            ("America/Los_Angeles", "2025-03-09 02:30"),
            ("Europe/Madrid", "2025-03-30 02:00"),
        ],
    )
    def test_refuses_an_hour_that_never_was(self, zone: str, text: str) -> None:
        with pytest.raises(BadRow, match="put forward"), use("en"):
            times(zone).read(text)

    @pytest.mark.parametrize(
        ("zone", "text", "first"),
        [
            ("Europe/Berlin", "2021-10-31 02:30", datetime(2021, 10, 31, 0, 30, tzinfo=UTC)),
            ("America/Los_Angeles", "2025-11-02 01:30", datetime(2025, 11, 2, 8, 30, tzinfo=UTC)),
        ],
    )
    def test_meets_an_hour_that_came_twice_by_rule(self, zone: str, text: str, first: datetime) -> None:
        assert times(zone, "first").read(text) == Moment(first, is_doubtful=True)
        assert times(zone, "second").read(text) == Moment(first.replace(hour=first.hour + 1), is_doubtful=True)
        with pytest.raises(BadRow, match="twice"), use("en"):
            times(zone, "refuse").read(text)

    def test_lets_the_order_of_a_series_decide(self) -> None:
        clock = times("Europe/Berlin", "order")
        told = ["01:50", "02:10", "02:40", "02:05", "02:35", "03:05"]

        moments = [clock.read(f"2021-10-31 {text}", series="lot") for text in told]
        other = clock.read("2021-10-31 02:05", series="another lot")

        minutes = [(moment.at - datetime(2021, 10, 30, 23, 50, tzinfo=UTC)).total_seconds() / 60 for moment in moments]
        assert minutes == [0, 20, 50, 75, 105, 135]
        assert [moment.is_doubtful for moment in moments] == [False, True, True, False, False, False]
        assert other.is_doubtful
