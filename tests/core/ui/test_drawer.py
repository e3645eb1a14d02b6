"""Drawers: what a picture shows, with its address where it is kept."""

from typing import Any

from core.ui import drawer


def links(node: Any) -> list[str]:
    """Return the addresses in a tree of parts."""
    inside = getattr(node, "children", None)
    own = [node.href] if getattr(node, "href", None) else []
    several = inside if isinstance(inside, list | tuple) else [inside]
    return own + [link for each in several if each is not None and not isinstance(each, str) for link in links(each)]


class TestPictures:
    def test_have_an_address_where_they_are_kept_alone(self) -> None:
        drawn = drawer.pictures([("09:38:12", "Video", "/pictures/a"), ("13:51:40", "no picture kept")])

        assert links(drawn) == ["/pictures/a"]
        first, second = drawn.children
        assert "picture--kept" in first.className
        assert "picture--kept" not in second.className
