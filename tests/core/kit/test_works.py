"""Works: every command finds what it does."""

import pytest

from core.kit import works


class TestWork:
    @pytest.mark.parametrize("name", sorted(works.WORK))
    def test_is_done_by_a_function_that_exists(self, name: str) -> None:
        assert callable(works.work(name))
