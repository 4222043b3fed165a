"""`voc label` and `voc score --report` as people use them: real processes, real files."""

import json
import os
import pty
import re
import subprocess
import sys
import termios
from datetime import date

import duckdb
import pytest
from rich.console import Console
from support import wordy_company
from support.wordy_company import MAIL
from typer.testing import CliRunner

from voc import app
from voc.adapters import lock
from voc.adapters.control_store import audit_labels, control
from voc.app import label as app_label
from voc.cli.main import cli
from voc.cli.show import label as show_label
from voc.errors import InputError, OutsideError
from voc.settings import template

REPORTED = """
create schema marts;
create table marts.mart_scorer as from (values
    ('nps', 'relationship', 'en', 'ratings', 'clearly better than the lexicon', 1666, 0.9597::double, 0.8892::double,
     0.0712::double, 0.0081::double, 0.912::double, 0.792::double, 0.0236::double),
    ('desk', '', '', 'lexicon', 'no ratings beside its texts', 0, null, null, null, null, null, null, null))
    t(source, question, language, basis, why, n_labels, auc, lexicon_auc, auc_gain, auc_gain_se, balanced_accuracy,
      lexicon_balanced_accuracy, calibration_error)
"""


@pytest.fixture
def config(tmp_path):
    """A project whose night has read 97 texts, 82 of which can be asked at the desk."""
    path = template.write(tmp_path / "a project")
    wordy_company.write(path.parent / "state")
    return path


@pytest.fixture
def published(config):
    """A published night with two channels."""
    folder = config.parent / "state" / "marts"
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "marts-r.duckdb")) as night:
        night.execute(REPORTED)
    (folder / "current.duckdb").symlink_to("marts-r.duckdb")
    return config


def run(config, *words, typed=""):
    ran = CliRunner().invoke(cli, [*words, "--config", str(config)], input=typed)
    if ran.exception and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return ran.stdout


def label(config, typed, *words):
    return run(config, "label", *words, typed="\n".join(typed))


def process(config, *words, **options):
    command = [sys.executable, "-m", "voc", *words, "--config", str(config)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def asked(said):
    """The texts that were shown, in order."""
    return re.findall(r"January 2026\n   (.*?) *$", said, re.MULTILINE)


def kept(config):
    with control.opened(config.parent / "state") as store:
        return [tuple(row) for row in store.execute("select label, by from audits order by audit_id")]


def test_labels_are_kept_one_by_one_and_the_next_session_goes_on(config):
    first = label(config, "wcnq", "--by", "ann", "--n", "20")
    assert kept(config) == [(1.0, "ann"), (0.0, "ann"), (0.5, "ann")]
    assert "1 of 20, about 3 min left" in first
    assert "desk, en, 5 January 2026" in first
    assert "desk, en: 3 labels, 1 warm, 1 cold, 1 neither." in first
    assert "47 more are wanted, at least 9 warm and 9 cold" in " ".join(first.split())
    second = label(config, "ww", "--by", "bob")  # the input ends: that is quitting
    assert [by for _, by in kept(config)] == ["ann"] * 3 + ["bob"] * 2
    assert asked(first)[3:4] == asked(second)[:1]
    assert not set(asked(first)[:3]) & set(asked(second))


def test_the_last_answers_are_undone_one_after_the_other_and_asked_again(config):
    said = label(config, "wsuucq", "--by", "ann")
    assert kept(config) == [(0.0, "ann")]
    first, second, third, *then = asked(said)
    assert len({first, second, third}) == 3
    assert then == [second, first, second]
    assert "nothing to undo" in label(config, "uq")


def test_a_skipped_text_is_left_for_another_session_and_a_wrong_key_is_no_answer(config):
    said = label(config, ["s", "x", "", "q"])
    assert kept(config) == []
    assert said.count("One of: w warm") == 2
    assert asked(label(config, "q")) == asked(said)[:1]


def test_nothing_personal_and_no_text_twice_is_shown_until_every_text_is_labelled(config):
    said = label(config, "n" * 90, "--n", "200", "--source", "desk")
    assert len(kept(config)) == 82
    assert "82 of 82, about 1 min left" in said
    assert MAIL not in said
    assert "byron" not in said
    texts = [" ".join(text.lower().split()) for text in asked(said)]
    assert len(texts) == len(set(texts)) == 82
    with pytest.raises(InputError, match="name one of: --source nps --question 'nps' --language 'en'"):
        label(config, "q", "--source", "desk")


def waits_for_a_key(terminal):
    return not termios.tcgetattr(terminal)[3] & termios.ICANON


def test_in_a_terminal_one_key_is_enough(config):
    ours, theirs = pty.openpty()
    with process(config, "label", "--by", "ann", stdin=theirs, start_new_session=True) as labelling:
        for key in (b"w", b"C", b"\x03"):  # and Ctrl-C is quitting
            while "min left" not in labelling.stdout.readline():
                pass
            while not waits_for_a_key(theirs):
                assert labelling.poll() is None
            os.write(ours, key)
        assert "2 labels, 1 warm, 1 cold" in labelling.stdout.read()
    os.close(ours)
    os.close(theirs)
    assert labelling.returncode == 0
    assert kept(config) == [(1.0, "ann"), (0.0, "ann")]


def test_while_a_night_is_writing_nobody_can_begin(config):
    with (
        lock.writer_lock(config.parent / "state", "voc run"),
        process(config, "label", stdin=subprocess.DEVNULL) as labelling,
    ):
        _, said = labelling.communicate()
    assert labelling.returncode == 75
    assert "voc run, pid" in said


def test_while_people_label_a_night_can_write(config):
    session = app_label.labelling(app.open_project(config), 5)
    with lock.writer_lock(config.parent / "state", "voc run"):
        session.answer(1.0)
    assert session.counts().n_warm == 1


def test_a_process_keeps_what_comes_through_a_pipe_and_ends_with_it(config):
    with process(config, "label", "--by", "ann", stdin=subprocess.PIPE) as labelling:
        said, _ = labelling.communicate("w\nc\n")
    assert labelling.returncode == 0
    assert kept(config) == [(1.0, "ann"), (0.0, "ann")]
    assert MAIL not in said


def test_what_somebody_else_labels_meanwhile_is_passed_over(config):
    ann, bob = (app_label.labelling(app.open_project(config), 5, by=name) for name in ("ann", "bob"))
    first = ann.asked()
    ann.answer(1.0)
    assert bob.asked() != first
    assert bob.asked() == ann.asked()
    bob.answer(0.0)
    assert (ann.counts().n_labels, bob.counts().n_labels) == (2, 2)
    assert ann.undo()
    assert ann.asked() == first


def test_labels_count_from_the_next_block_of_the_companys_calendar(config, monkeypatch):
    session = app_label.labelling(app.open_project(config), 5)
    monkeypatch.setattr(app.Project, "last_whole_day", property(lambda _: date(2026, 3, 21)))
    assert session.counts_from == date(2026, 3, 23)
    monkeypatch.setattr(app.Project, "last_whole_day", property(lambda _: date(2026, 3, 22)))
    assert session.counts_from == date(2026, 4, 20)


def test_a_label_taken_back_leaves_the_earlier_one_of_its_text(tmp_path):
    at = wordy_company.NIGHT
    with control.opened(tmp_path) as store:
        assert not audit_labels.is_labelled(store, "t")
        audit_labels.add(store, "t", 0.0, by=None, at=at)
        newer = audit_labels.add(store, "t", 1.0, by=None, at=at)
        assert audit_labels.known(store) == {"t": 1.0}
        assert audit_labels.known(store, at) == {}
        audit_labels.take_back(store, newer)
        assert audit_labels.known(store) == {"t": 0.0}
        assert audit_labels.is_labelled(store, "t")


def test_the_report_tells_of_each_channel_how_far_its_scorer_goes_beside_the_lexicon(published, monkeypatch):
    monkeypatch.setattr(show_label, "_out", Console(width=120, highlight=False, markup=False))
    said = run(published, "score", "--report")
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in said.splitlines() if "│" in line]
    first = next(i for i, row in enumerate(rows) if row[0] == "desk")
    assert rows[first] == ["desk", "0", "-", "-", "-", "-"]
    assert rows[first + 1] == ["lexicon: no ratings beside its texts", "", "-", "-", "-", ""]
    first = next(i for i, row in enumerate(rows) if row[0] == "nps, relationship, en")
    assert rows[first][1:] == ["1,666", "0.960", "+0.071", "0.912", "0.024"]
    assert rows[first + 1] == ["ratings: clearly better than the lexicon", "", "0.889", "± 0.008", "0.792", ""]
    assert max(map(len, said.splitlines())) <= 120


def test_the_report_as_json_has_the_columns_of_the_mart(published):
    nps = json.loads(run(published, "score", "--report", "--json"))["scorers"][1]
    assert (nps["source"], nps["n_labels"], nps["auc_gain_se"]) == ("nps", 1666, 0.0081)


def test_without_a_night_or_with_one_of_another_version_there_is_no_report(config, published):
    with duckdb.connect(str(config.parent / "state" / "marts" / "marts-r.duckdb")) as night:
        night.execute("drop table marts.mart_scorer")
    with pytest.raises(OutsideError, match="another version"):
        run(config, "score", "--report")
    (config.parent / "state" / "marts" / "current.duckdb").unlink()
    with pytest.raises(InputError, match="nothing is published yet"):
        run(config, "score", "--report")
