"""Topics: the whole first, then what is new, and the whole again for who fell behind."""

import threading
from collections.abc import Iterator

from core.kit.live import frames, topics
from core.kit.live.topics import Topic


def a_topic(name: str = "n", kept: int = 3) -> Topic:
    """Return a topic of numbers."""
    return Topic(whole=f"{name}-whole", news=f"{name}-news", write=lambda now, seq: b"%d:%d" % (seq, now), kept=kept)


def publish(topic: Topic, now: int) -> None:
    """Publish a number."""
    topic.publish(now, lambda seq: b"%d+%d" % (seq, now))


def read(stream: Iterator[bytes]) -> list[str]:
    """Return the events of the next part of a stream."""
    return [part.split("\n")[0] + " " + part.split("data: ")[1] for part in next(stream).decode().split("\n\n") if "data:" in part]


class TestTopic:
    def test_has_no_whole_before_the_first_news(self) -> None:
        assert a_topic().whole(wait_s=0.01) is None

    def test_writes_the_whole_once_a_number(self) -> None:
        written: list[int] = []

        def write(_now: int, seq: int) -> bytes:
            written.append(seq)
            return b"x"

        topic = Topic(whole="w", news="n", write=write)
        publish(topic, 1)

        for _ in range(3):
            topic.whole()
            topic.after(0)

        assert written == [1]

    def test_gives_the_whole_where_the_news_are_not_new_to_anything(self) -> None:
        topic = a_topic()
        publish(topic, 1)
        publish(topic, 2)
        topic.publish(3, None)
        publish(topic, 4)

        assert topic.after(2) == (frames.frame("n-whole", 4, b"4:4"), 4)
        assert topic.after(3) == (frames.frame("n-news", 4, b"4+4"), 4)


class TestStream:
    def test_carries_several_topics_each_with_its_own_numbers(self) -> None:
        one, other = a_topic("a"), a_topic("b")
        publish(one, 7)
        stream = topics.stream([one, other], is_over=lambda: False)
        next(stream)

        first = read(stream)
        publish(other, 1)
        publish(one, 8)

        assert first == ["event: a-whole 1:7"]
        assert read(stream) == ["event: a-news 2+8", "event: b-whole 1:1"]

    def test_gives_the_whole_to_who_fell_behind(self) -> None:
        topic = a_topic(kept=3)
        publish(topic, 1)
        stream = topics.stream([topic], is_over=lambda: False)
        next(stream)
        read(stream)
        for number in range(2, 7):
            publish(topic, number)

        assert read(stream) == ["event: n-whole 6:6"]

    def test_is_not_woken_by_a_topic_nobody_asked_for(self) -> None:
        one, other = a_topic("a"), a_topic("b")
        stream = topics.stream([one], is_over=lambda: False)
        next(stream), next(stream)

        publish(other, 1)

        assert other._wakes == set()
        assert len(one._wakes) == 1

    def test_leaves_no_trace_when_it_is_closed(self) -> None:
        topic = a_topic()
        stream = topics.stream([topic], is_over=lambda: False)
        next(stream), next(stream)
        stream.close()  # type: ignore[attr-defined]  # a generator

        assert topic._wakes == set()

    def test_ends_when_it_is_over(self) -> None:
        topic, over = a_topic(), threading.Event()
        publish(topic, 1)
        stream = topics.stream([topic], is_over=over.is_set)
        next(stream), next(stream)

        over.set()
        topic.wake_all()

        assert list(stream) == []
