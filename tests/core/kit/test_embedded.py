"""What the embedded servers share: a port that stays, a count that survives kill -9."""

import socket
import threading
import time
from pathlib import Path

import pytest

from core.kit import embedded
from core.kit.embedded import LOOPBACK, Lease, sticky_port


def taken() -> socket.socket:
    return socket.create_server((LOOPBACK, 0))


class TestStickyPort:
    def test_stays_the_same(self, tmp_path: Path) -> None:
        assert sticky_port(tmp_path / "port") == sticky_port(tmp_path / "port")

    def test_waits_for_a_server_that_is_still_dying(self, tmp_path: Path) -> None:
        dying = taken()
        port = dying.getsockname()[1]
        (tmp_path / "port").write_text(str(port))
        end = threading.Timer(0.5, dying.close)
        end.start()

        assert sticky_port(tmp_path / "port") == port
        end.join()

    def test_gives_way_to_another_program(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(embedded, "_PORT_S", 0.2)
        other = taken()
        (tmp_path / "port").write_text(str(other.getsockname()[1]))

        found = sticky_port(tmp_path / "port")

        assert found != other.getsockname()[1]
        assert (tmp_path / "port").read_text() == str(found)
        other.close()


class TestLease:
    def test_is_last_only_when_nobody_else_is_left(self, tmp_path: Path) -> None:
        first, second = Lease(tmp_path), Lease(tmp_path)
        first.take()
        second.take()

        with first.turn():
            assert not first.leave()
        with second.turn():
            assert second.leave()

    def test_lets_one_at_a_time_start_or_stop(self, tmp_path: Path) -> None:
        first, second, order = Lease(tmp_path), Lease(tmp_path), list[str]()

        def follow() -> None:
            with second.turn():
                order.append("second")

        rival = threading.Thread(target=follow)
        with first.turn():
            rival.start()
            time.sleep(0.2)  # the rival has to be waiting
            order.append("first")
        rival.join()

        assert order == ["first", "second"]
