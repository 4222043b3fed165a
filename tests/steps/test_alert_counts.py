"""How what was sent is told in one line and in JSON."""

import pytest

from voc.steps.alert_counts import NO_ALERTS, Alerted, ChannelCounts

INTO = "as files in state/outbox"


@pytest.mark.parametrize(
    ("channels", "held", "sentence"),
    [
        ([("files", "mail", INTO, 8, 0, 0)], 0, "8 mails sent, as files in state/outbox"),
        ([("files", "mail", INTO, 0, 0, 0)], 0, "0 mails sent"),
        ([("files", "mail", INTO, 1, 0, 1)], 2, "1 mail sent, 1 refused, 2 notices held, as files in state/outbox"),
        ([("smtp", "mail", "", 8, 1_200, 1)], 0, "8 mails sent, 1,200 delayed, 1 refused"),
        (
            [("smtp", "mail", "", 0, 3, 0), ("wall", "note", "on the wall", 3, 0, 0)],
            1,
            "smtp: 0 mails sent, 3 delayed; wall: 3 notes sent, on the wall; 1 notice held",
        ),
    ],
)
def test_one_line_tells_each_channels_counts(channels, held, sentence):
    assert Alerted(tuple(ChannelCounts(*counts) for counts in channels), held, ()).sentence == sentence


def test_an_older_night_alerts_to_nothing():
    assert NO_ALERTS.sentence == "0 mails sent"
    assert NO_ALERTS.to_json() == {"sent": 0, "delayed": 0, "dead": 0, "held": 0, "warnings": (), "channels": {}}
