"""The queue of alarms: by priority, exact in number, each leading to its place."""

from typing import Any

from core.kit.locale import Language, use
from core.ui.queue import Row, queue


def row(priority: int, number: int, *, n: int = 1, space: str = "0239") -> Row:
    """Return an alarm."""
    return Row(f"alarm-{number}", priority, "Overstay", "GL-01 0239", "2026-11-22T14:18:10+08:00", n, "GL-01", space, 115.03, None)


def drawn(rows: list[Row], counts: dict[int, int]) -> list[Any]:
    """Return the rows of a queue as they are drawn."""
    with use(Language.EN):
        return list(queue(rows, counts).children)


class TestQueue:
    def test_groups_by_priority_and_counts_what_is_not_listed(self) -> None:
        pieces = drawn([row(1, 1), row(2, 2), row(2, 3)], {1: 1, 2: 300, 3: 0})

        assert [getattr(piece, "data-alarm", None) for piece in pieces] == [None, "alarm-1", None, "alarm-2", "alarm-3", None]
        assert pieces[0].children[1].children == ["1"]
        assert pieces[2].children[1].children == ["2 of 300"]

    def test_leads_to_the_pages_before_and_after(self) -> None:
        with use(Language.EN):
            pieces = list(queue([row(2, 41), row(3, 42)], {1: 1, 2: 40, 3: 90}, skipped=40, page=2).children)

        assert [getattr(piece, "data-turn", None) for piece in pieces] == ["38", None, None, None, None, "42"]
        assert pieces[0].children[0].children == ["40 before"]
        assert pieces[1].children[1].children == ["40–40 of 40"]
        assert pieces[3].children[1].children == ["1 of 90"]
        assert pieces[5].children[0].children == ["Show 2 more of 89"]

    def test_leads_nowhere_where_all_are_listed(self) -> None:
        assert [getattr(piece, "data-turn", None) for piece in drawn([row(1, 1)], {1: 1, 2: 0, 3: 0})] == [None, None]

    def test_says_which_question_it_answers_and_what_it_skipped(self) -> None:
        with use(Language.EN):
            page = queue([row(3, 42)], {1: 0, 2: 0, 3: 42}, question=7, skipped=41, page=41)

        assert (getattr(page, "data-question"), getattr(page, "data-skipped")) == ("7", "41")

    def test_leads_to_the_berth_and_says_how_many_were_merged(self) -> None:
        _group, one = drawn([row(1, 1, n=48)], {1: 1, 2: 0, 3: 0})

        assert (getattr(one, "data-site"), getattr(one, "data-space")) == ("GL-01", "0239")
        assert one.children[1].children[1].children == ["×48"]
        assert not hasattr(one, "data-lon"), "half a place is no place"
