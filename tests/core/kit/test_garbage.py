"""A process that moves messages looks for reference cycles rarely, and still finds them."""

import gc
import weakref

from core.kit.garbage import RARELY, collected_rarely


class Ring:
    """Holds itself, so that counting references alone never frees it."""

    def __init__(self) -> None:
        self.itself = self


class TestCollectedRarely:
    def test_leaves_everything_as_it_was(self) -> None:
        before = gc.get_threshold()

        with collected_rarely():
            assert gc.get_threshold() == RARELY

        assert gc.get_threshold() == before
        assert gc.get_freeze_count() == 0

    def test_still_frees_what_refers_to_itself(self) -> None:
        with collected_rarely():
            ring = weakref.ref(Ring())
            kept: list[list[int]] = [[] for _ in range(2 * RARELY[0])]

            assert len(kept) > RARELY[0]
            assert ring() is None
