"""Stories: what each source tells, and where two cannot both be true."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.insight.dispatch.rules import stories
from core.insight.dispatch.rules.stories import Gap, Kind, Order, Period, Source, Stretch, Word

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = Period(NOON, NOON + timedelta(hours=24))


def at(minutes: float) -> datetime:
    """Return so many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def told(*pieces: tuple[str, float, float]) -> list[Stretch]:
    """Return a story by hand."""
    return [Stretch(state, at(begin), at(end), "M1") for state, begin, end in pieces]


def kinds(gaps: list[Gap]) -> list[tuple[Kind, float, float]]:
    """Return what the gaps are, in minutes after noon."""
    return [(gap.kind, (gap.starts_at - NOON) / timedelta(minutes=1), (gap.ends_at - NOON) / timedelta(minutes=1)) for gap in gaps]


class TestStory:
    def test_tells_a_state_until_the_next_word(self) -> None:
        words = [Word(at(-60), False, "M1"), Word(at(10), True, "M1"), Word(at(70), False, "M1")]

        found = stories.story(words, [], [], DAY)

        assert [(one.state, one.starts_at, one.ends_at) for one in found] == [
            ("free", at(0), at(10)),
            ("occupied", at(10), at(70)),
            ("free", at(70), at(1440)),
        ]

    def test_knows_nothing_before_the_first_word(self) -> None:
        assert stories.story([Word(at(30), True, "M1")], [], [], DAY)[0] == Stretch("unknown", at(0), at(30))

    def test_takes_the_books_before_the_first_word(self) -> None:
        kept = [Stretch("occupied", at(5), at(50))]

        found = stories.story([Word(at(30), False, "M1")], [], kept, DAY)

        assert [one.state for one in found] == ["unknown", "occupied", "free"]
        assert found[1].ends_at == at(30)

    def test_tells_nothing_while_the_device_is_silent(self) -> None:
        found = stories.story([Word(at(0), True, "M1")], [Period(at(10), at(20))], [], DAY)

        assert [(one.state, one.starts_at) for one in found] == [("occupied", at(0)), ("silent", at(10)), ("occupied", at(20))]

    def test_joins_what_is_told_again(self) -> None:
        words = [Word(at(0), True, "M1"), Word(at(15), True, "M1", "江A10001"), Word(at(30), True, "M1")]

        (one,) = stories.story(words, [], [], DAY)

        assert (one.starts_at, one.ends_at, one.plate) == (at(0), at(1440), "江A10001")

    @given(
        st.lists(st.tuples(st.integers(-100, 1500), st.booleans()), max_size=12),
        st.lists(st.tuples(st.integers(-100, 1500), st.integers(1, 600)), max_size=4),
        st.lists(st.tuples(st.integers(-100, 1500), st.integers(1, 200)), max_size=4),
    )
    def test_covers_the_period_without_hole_or_overlap(
        self, said: list[tuple[int, bool]], quiet: list[tuple[int, int]], kept: list[tuple[int, int]]
    ) -> None:
        words = [Word(at(minute), is_taken, "M1") for minute, is_taken in sorted(said)]
        silences = [Period(at(begin), at(begin + length)) for begin, length in quiet]
        books, end = [], -200
        for begin, length in sorted(kept):
            if begin >= end:
                books.append(Stretch("occupied", at(begin), at(end := begin + length)))

        found = stories.story(words, silences, books, DAY)

        assert [one.starts_at for one in found] + [DAY.ends_at] == [DAY.starts_at] + [one.ends_at for one in found]
        assert all(one.length > timedelta(0) for one in found)


class TestGaps:
    def test_finds_nothing_where_all_agree(self) -> None:
        same = told(("free", 0, 60), ("occupied", 60, 120), ("free", 120, 1440))
        orders = [Order(at(60), at(120), "江A10001")]

        assert stories.gaps({Source.MAGNET: same, Source.VIDEO: same}, orders, [], DAY, names=True) == []

    def test_names_the_silence_of_a_sensor(self) -> None:
        magnet = told(("occupied", 0, 30), ("silent", 30, 90), ("free", 90, 1440))

        (gap,) = stories.gaps({Source.MAGNET: magnet}, [Order(at(0), at(90), "A")], [], DAY, names=False)

        assert (gap.kind, gap.device, gap.starts_at, gap.ends_at) == (Kind.SENSOR_SILENT, "M1", at(30), at(90))

    def test_says_which_of_sensor_and_camera_saw_the_vehicle(self) -> None:
        magnet = told(("free", 0, 30), ("occupied", 30, 60), ("free", 60, 1440))
        video = told(("free", 0, 20), ("occupied", 20, 45), ("free", 45, 1440))
        orders = [Order(at(20), at(60), "A")]

        found = stories.gaps({Source.MAGNET: magnet, Source.VIDEO: video}, orders, [], DAY, names=False)

        assert kinds(found) == [(Kind.VIDEO_ONLY, 20, 30), (Kind.MAGNET_ONLY, 45, 60)]

    def test_overlooks_five_minutes(self) -> None:
        magnet, video = told(("free", 0, 5), ("occupied", 5, 1440)), told(("occupied", 0, 1440))

        assert stories.gaps({Source.MAGNET: magnet, Source.VIDEO: video}, [Order(at(0), None, "A")], [], DAY, names=False) == []

    def test_finds_a_vehicle_without_an_order(self) -> None:
        magnet = told(("occupied", 0, 60), ("free", 60, 1440))

        found = stories.gaps({Source.MAGNET: magnet}, [Order(at(40), at(60), "A")], [], DAY, names=False)

        assert kinds(found) == [(Kind.NO_ORDER, 0, 40)]

    def test_finds_an_order_without_a_vehicle(self) -> None:
        magnet = told(("occupied", 0, 60), ("free", 60, 1440))

        found = stories.gaps({Source.MAGNET: magnet}, [Order(at(0), None, "A")], [], DAY, names=False)

        assert kinds(found) == [(Kind.GHOST_ORDER, 60, 1440)]

    def test_asks_for_a_plate_after_half_an_hour_where_only_people_read_it(self) -> None:
        magnet = told(("occupied", 0, 60), ("free", 60, 1440))
        orders = [Order(at(0), at(60), None)]

        assert kinds(stories.gaps({Source.MAGNET: magnet}, orders, [], DAY, names=True)) == [(Kind.NO_PLATE, 30, 60)]
        assert stories.gaps({Source.MAGNET: magnet}, orders, [], DAY, names=False) == []

    def test_finds_two_orders_at_once_and_a_read_on_a_free_space(self) -> None:
        magnet = told(("free", 0, 10), ("occupied", 10, 60), ("free", 60, 1440))
        orders = [Order(at(10), at(40), "A"), Order(at(35), at(60), "B")]

        found = stories.gaps({Source.MAGNET: magnet}, orders, [at(5)], DAY, names=False)

        assert kinds(found) == [(Kind.READ_ON_FREE, 5, 7), (Kind.TWO_ORDERS, 35, 40)]

    def test_says_nothing_of_sources_that_are_not_installed(self) -> None:
        assert stories.gaps({}, [Order(at(0), None, "A")], [], DAY, names=False) == []
