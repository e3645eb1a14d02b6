"""Words follow the reader's language."""

import json

import plotly.utils
import pytest

from core.kit.locale import Language, _, _l, current, negotiate, ngettext, use

SENTENCE = "The database does not answer."
HANZI = "数据库没有响应。"


class TestUnderscore:
    def test_speaks_the_language_of_the_context(self) -> None:
        with use(Language.EN):
            assert _(SENTENCE) == SENTENCE
        with use("zh_CN"):
            assert _(SENTENCE) == HANZI

    def test_fills_named_values(self) -> None:
        with use(Language.EN):
            assert _("Role %(role)s is 100 %% new.", role="x") == "Role x is 100 % new."
            assert _("100 % without values") == "100 % without values"

    def test_leaves_a_message_without_translation_as_it_is(self) -> None:
        with use(Language.ZH_CN):
            assert _("Nobody ever translated this.") == "Nobody ever translated this."


class TestLazy:
    def test_speaks_when_it_is_shown_not_when_it_is_made(self) -> None:
        title = _l(SENTENCE)

        with use(Language.ZH_CN):
            assert str(title) == f"{title}" == HANZI
        with use(Language.EN):
            assert str(title) == SENTENCE

    def test_passes_into_json_of_the_screens(self) -> None:
        with use(Language.ZH_CN):
            assert json.loads(json.dumps(_l(SENTENCE), cls=plotly.utils.PlotlyJSONEncoder)) == HANZI


class TestNgettext:
    @pytest.mark.parametrize(("count", "wanted"), [(1, "1 row"), (2, "2 rows")])
    def test_takes_the_form_that_fits(self, count: int, wanted: str) -> None:
        with use(Language.EN):
            assert ngettext("%(count)s row", "%(count)s rows", count) == wanted


class TestUse:
    def test_returns_to_the_language_before_even_after_an_error(self) -> None:
        before = current()

        with pytest.raises(RuntimeError), use(Language.EN):
            raise RuntimeError

        assert current() == before

    def test_refuses_a_language_nobody_translated(self) -> None:
        with pytest.raises(ValueError, match="fr"), use("fr"):
            pass


class TestNegotiate:
    @pytest.mark.parametrize(
        ("header", "wanted"),
        [
            ("zh-CN,zh;q=0.9,en;q=0.8", Language.ZH_CN),
            ("zh", Language.ZH_CN),
            ("en-GB,en;q=0.9", Language.EN),
            ("de-DE, en;q=0.5", Language.EN),
            ("en;q=0.5, zh-CN;q=0.9", Language.ZH_CN),
            ("de", Language.ZH_CN),
            ("", Language.ZH_CN),
            (None, Language.ZH_CN),
            ("*;q=x,,;", Language.ZH_CN),
        ],
    )
    def test_finds_the_best_the_browser_asks_for(self, header: str | None, wanted: Language) -> None:
        assert negotiate(header) == wanted
