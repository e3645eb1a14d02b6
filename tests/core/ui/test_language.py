"""Which language a reader gets."""

import pytest
from flask import Flask

from core.kit.locale import Language, _
from core.ui import language

SERVER = Flask(__name__)


class TestChosen:
    @pytest.mark.parametrize(
        ("address", "cookie", "accepts", "expected"),
        [
            ("/?lang=en", "zh", "zh-CN", Language.EN),
            ("/?lang=zh", "en", "en", Language.ZH_CN),
            ("/", "en", "zh-CN", Language.EN),
            ("/", "", "en-GB,en;q=0.9,zh;q=0.5", Language.EN),
            ("/", "", "zh-TW", Language.ZH_CN),
            ("/", "", "fr", Language.ZH_CN),
            ("/?lang=fr", "klingon", "en", Language.EN),
        ],
    )
    def test_follows_address_then_cookie_then_browser(self, address: str, cookie: str, accepts: str, expected: Language) -> None:
        headers = {"Accept-Language": accepts, "Cookie": f"{language.COOKIE}={cookie}"}

        with SERVER.test_request_context(address, headers=headers):
            assert language.chosen() is expected

    def test_follows_what_a_page_was_asked_for_before_all_else(self) -> None:
        headers = {"Accept-Language": "zh-CN", "Cookie": f"{language.COOKIE}=zh"}

        with SERVER.test_request_context("/", headers=headers):
            assert language.chosen("en") is Language.EN


class TestSpeaking:
    def test_speaks_it_inside_the_block_alone(self) -> None:
        with language.speaking("en"), language.speaking("zh") as spoken:
            assert spoken is Language.ZH_CN
            assert _("Cash") == "现金"

        with language.speaking("en"):
            assert _("Cash") == "Cash"


class TestSpoken:
    def test_lets_a_callback_answer_in_the_language_of_its_page(self) -> None:
        @language.spoken
        def say(word: str) -> str:
            return _(word)

        with language.speaking("en"):
            assert (say("Cash", "zh"), say("Cash", "en")) == ("现金", "Cash")
