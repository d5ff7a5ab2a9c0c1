"""The picture of a request."""

from __future__ import annotations

from k8scourse.networking.answer import REFUSED, Answer, Hop
from k8scourse.views.request_path import request_path, to_table

ANSWER = Answer(
    "default/client",
    "http://web",
    REFUSED,
    "nothing listens on <80>",
    (Hop("DNS", "web.default.svc.cluster.local", "10.96.1.1"), Hop("container", "c", "nothing listens", passed=False)),
)


def test_the_text_shows_every_hop_and_the_end() -> None:
    assert str(request_path(ANSWER)).splitlines() == [
        "default/client -> http://web",
        "  -> DNS web.default.svc.cluster.local: 10.96.1.1",
        "  x  container c: nothing listens",
        "refused: nothing listens on <80>",
    ]


def test_the_data_are_plain_and_the_table_has_a_row_for_each_hop() -> None:
    assert request_path(ANSWER).data["outcome"] == "refused"
    assert [row[2] for row in to_table(ANSWER)] == ["WENT", "on", "stop"]


def test_the_picture_escapes_texts_and_tells_stops_apart_without_colour() -> None:
    html = request_path(ANSWER)._repr_html_()
    assert "&lt;80&gt;" in html and html.count("<li>") == 2
    assert "dashed" in html and 'aria-label="Request from default/client to http://web: refused"' in html
