"""Signatures: what is signed, and that nothing else fits."""

import hashlib
import hmac
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import Headers

from ingest.api import signatures
from ingest.api.refusals import Unauthenticated
from ingest.api.signatures import Request, Signed
from tests.ingest.api.sender import SECRET, WINDOW

REQUEST = Request(method="POST", target="/api/v1/messages", body=b"[]")
TIMESTAMP, NONCE = "1795588200", "0123456789abcdef"

texts = st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=20)
requests = st.builds(Request, method=texts, target=texts, body=st.binary(max_size=20))


def signed(request: Request = REQUEST, secret: bytes = SECRET) -> Signed:
    """Return the headers that sign a request."""
    return Signed("key", TIMESTAMP, NONCE, signatures.sign(secret, request, timestamp=TIMESTAMP, nonce=NONCE))


class TestSign:
    def test_is_an_hmac_of_five_lines(self) -> None:
        """Said once more in other words, as a device's programmer would write it."""
        lines = b"POST\n/api/v1/messages\n1795588200\n0123456789abcdef\n" + hashlib.sha256(b"[]").hexdigest().encode()

        assert signed().signature == hmac.digest(SECRET, lines, "sha256").hex()


class TestVerify:
    def test_takes_its_own_request(self) -> None:
        signatures.verify(signed(), REQUEST, secret=SECRET)

    @given(one=requests, other=requests)
    def test_takes_no_other(self, one: Request, other: Request) -> None:
        if one == other:
            return
        with pytest.raises(Unauthenticated):
            signatures.verify(signed(one), other, secret=SECRET)

    @pytest.mark.parametrize("secret", [b"", SECRET[:-1], None])
    def test_takes_no_other_secret(self, secret: bytes | None) -> None:
        with pytest.raises(Unauthenticated):
            signatures.verify(signed(), REQUEST, secret=secret)

    def test_takes_no_signature_by_no_secret(self) -> None:
        """Whoever guesses what stands in for the secret of an unknown key gains nothing."""
        with pytest.raises(Unauthenticated):
            signatures.verify(signed(secret=bytes(32)), REQUEST, secret=None)


class TestCheckClock:
    @pytest.mark.parametrize("offset", [timedelta(), WINDOW, -WINDOW])
    def test_takes_what_was_signed_within_the_window(self, offset: timedelta) -> None:
        signatures.check_clock(signed(), at=signed().at + offset, window=WINDOW)

    @pytest.mark.parametrize(
        "offset", [WINDOW + timedelta(milliseconds=1), -WINDOW - timedelta(milliseconds=1), timedelta(days=365)]
    )
    def test_takes_nothing_else(self, offset: timedelta) -> None:
        with pytest.raises(Unauthenticated):
            signatures.check_clock(signed(), at=signed().at + offset, window=WINDOW)


class TestRead:
    def headers(self, **changed: str) -> Headers:
        good = {signatures.KEY: "k", signatures.TIMESTAMP: TIMESTAMP, signatures.NONCE: NONCE, signatures.SIGNATURE: "a" * 64}
        return Headers(good | {name.replace("_", "-"): value for name, value in changed.items()})

    def test_returns_the_four_headers(self) -> None:
        assert signatures.read(self.headers()) == Signed("k", TIMESTAMP, NONCE, "a" * 64)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("X_Boshu_Key", ""), ("X_Boshu_Key", "a b"), ("X_Boshu_Key", "k" * 65),
            ("X_Boshu_Timestamp", "179558820"), ("X_Boshu_Timestamp", "-1795588200"), ("X_Boshu_Timestamp", "١٧٩٥٥٨٨٢٠٠"),
            ("X_Boshu_Timestamp", "1795588200.0"), ("X_Boshu_Nonce", "short"), ("X_Boshu_Nonce", "n" * 65),
            ("X_Boshu_Signature", "A" * 64), ("X_Boshu_Signature", "a" * 63), ("X_Boshu_Signature", "a" * 65),
        ],
    )  # fmt: skip
    def test_refuses_what_is_malformed(self, name: str, value: str) -> None:
        with pytest.raises(Unauthenticated):
            signatures.read(self.headers(**{name: value}))


class TestRequest:
    def test_is_the_same_whenever_it_is_signed(self) -> None:
        assert Request("POST", "/a", b"1").sha256 == Request("POST", "/a", b"1").sha256

    @given(one=requests, other=requests)
    def test_differs_with_method_path_and_body(self, one: Request, other: Request) -> None:
        assert (one.sha256 == other.sha256) == (one == other)
