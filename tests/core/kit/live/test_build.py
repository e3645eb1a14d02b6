"""The build has another name when anything a screen is made of changes."""

from pathlib import Path

from core.kit.live.build import build_id


class TestBuildId:
    def test_follows_contents_and_names(self, tmp_path: Path) -> None:
        (tmp_path / "pages").mkdir()
        page = tmp_path / "pages" / "wall.py"
        page.write_text("1")
        first = build_id(tmp_path)

        page.write_text("2")
        second = build_id(tmp_path)
        page.rename(tmp_path / "pages" / "walls.py")

        assert len({first, second, build_id(tmp_path)}) == 3

    def test_does_not_mind_what_screens_do_not_load(self, tmp_path: Path) -> None:
        first = build_id(tmp_path)
        (tmp_path / "core").mkdir()
        (tmp_path / "core" / "note.txt").write_text("x")

        assert build_id(tmp_path) == first
