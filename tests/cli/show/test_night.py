"""What `voc status` prints of mail."""

from voc.cli.show import night

COUNTS = {"pending": 0, "delayed": 0, "sending": 0, "sent": 8, "dead": 0}
MAIL = {"pending": 0, "delayed": 0, "sending": 0, "dead": [], "held": 0}


def test_one_channel_needs_no_name(capsys):
    night._mail({**MAIL, "channels": {"smtp": COUNTS}})
    assert capsys.readouterr().out == "Mail    0 waiting, 0 of them delayed, 0 refused, 0 notices held\n"


def test_several_channels_are_counted_each_for_itself(capsys):
    down = {**COUNTS, "pending": 3, "delayed": 1, "sent": 0}
    night._mail({**MAIL, "pending": 3, "delayed": 1, "channels": {"smtp": down, "wall": COUNTS}})
    assert capsys.readouterr().out.splitlines()[1:] == [
        "        smtp: 0 sent, 3 waiting, 1 of them delayed, 0 refused",
        "        wall: 8 sent, 0 waiting, 0 of them delayed, 0 refused",
    ]
