"""KPIs: every figure on the wall is defined, in both languages."""

import pytest

from core.insight import kpis, wall
from core.insight.kpis import CLOCKS, KPIS, UNITS
from core.kit.locale import Language, use


class TestDictionary:
    def test_defines_the_figure_of_every_tile(self) -> None:
        assert {part.kpi for part in wall.PARTS.values()} <= set(KPIS)
        assert {kpi.clock for kpi in KPIS.values()} <= set(CLOCKS)
        assert {kpi.unit for kpi in KPIS.values()} <= set(UNITS)

    @pytest.mark.parametrize("language", Language)
    def test_has_words_for_everything(self, language: Language) -> None:
        with use(language):
            told = kpis.dictionary()

        assert all(kpi[field] for kpi in told for field in ("id", "name", "formula", "clock", "unit", "version"))
        assert [kpi["id"] for kpi in told if not kpi["sources"]] == ["sign_in_rate"]  # people, not devices

    def test_speaks_chinese(self) -> None:
        with use(Language.EN):
            english = kpis.dictionary()
        with use(Language.ZH_CN):
            chinese = kpis.dictionary()

        same = [kpi["id"] for kpi, other in zip(english, chinese, strict=True) if kpi["name"] == other["name"]]
        assert same == []
