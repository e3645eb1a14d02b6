"""Ids sort by time or follow from what they name."""

from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from core.kit.ids import derived_id, uuid7

PARTS = st.lists(st.text(st.characters(codec="utf-8")) | st.binary() | st.uuids(), max_size=4)


def raw(part: str | bytes | UUID) -> bytes:
    return part.encode() if isinstance(part, str) else part.bytes if isinstance(part, UUID) else part


class TestUuid7:
    def test_is_a_version_7_of_the_rfc(self) -> None:
        made = uuid7()

        assert (made.version, made.variant) == (7, RFC_4122)

    def test_sorts_by_the_moment_and_never_repeats(self) -> None:
        made = [uuid7() for _ in range(2_000)]

        assert len(set(made)) == 2_000
        assert [one.int >> 64 for one in made] == sorted(one.int >> 64 for one in made)


class TestDerivedId:
    def test_is_the_same_on_every_machine(self) -> None:
        assert derived_id("vehicle", "江A12345", "blue") == UUID("991ac6c5-3ae2-89d4-bbc4-835b3d86a7c3")

    def test_is_a_version_8_of_the_rfc(self) -> None:
        assert (derived_id("x").version, derived_id("x").variant) == (8, RFC_4122)

    @given(PARTS, PARTS)
    def test_differs_wherever_the_parts_differ(self, one: list[str | bytes | UUID], other: list[str | bytes | UUID]) -> None:
        is_same = [raw(part) for part in one] == [raw(part) for part in other]

        assert (derived_id(*one) == derived_id(*other)) is is_same
