"""Whatever lies in a drop folder, and whatever it is called: names and values are data."""

import os

import pytest
from support.inboxes import HEADER, Inbox, survey, surveys

from voc.domain.contract import Table


@pytest.fixture
def inbox(tmp_path):
    with_one = Inbox(tmp_path)
    yield with_one
    with_one.close()


def test_only_regular_files_inside_the_inbox_are_touched(inbox, tmp_path):
    outside = tmp_path / "outside.csv"
    outside.write_text(surveys(3))
    (inbox.folder / "surveys_link.csv").symlink_to(outside)
    (inbox.folder / "surveys_gone.csv").symlink_to(tmp_path / "nowhere")
    os.mkfifo(inbox.folder / "surveys_pipe.csv")
    (inbox.folder / "surveys_folder.csv").mkdir()
    inbox.drop("surveys_real.csv", surveys(2))
    landed = inbox.land()
    assert {file.file_name: file.status for file in landed.files} == {
        "surveys_folder.csv": "left", "surveys_gone.csv": "left", "surveys_link.csv": "left",
        "surveys_pipe.csv": "left", "surveys_real.csv": "landed",
    }  # fmt: skip
    assert len(landed.warnings) == 4
    assert inbox.rows("select count(*) from raw.ledger") == [(1,)]


def test_odd_file_names_are_data(inbox):
    inbox.sources = [inbox.source("nps", Table.SURVEYS, "*")]
    names = [
        "a\nb.csv",
        "-rf.csv",
        "[x]*?.csv",
        "it's; drop table raw.ledger.csv",
        os.fsdecode(b"\xff.csv"),
        "x..csv",
        "$(id).csv",
    ]
    for i, name in enumerate(names):
        inbox.drop(name, surveys(1, first=i))
    inbox.drop("no_ending", surveys(1, first=90))
    landed = inbox.land()
    assert {file.file_name: file.status for file in landed.files} == {
        r"a\nb.csv": "landed", "-rf.csv": "landed", "[x]*?.csv": "landed", "it's; drop table raw.ledger.csv": "landed",
        r"\xff.csv": "landed", "x..csv": "landed", "$(id).csv": "landed", "no_ending": "refused",
    }  # fmt: skip
    assert inbox.rows("select count(*) from raw.surveys") == [(7,)]


def test_glob_characters_in_a_name_never_read_a_neighbour(inbox):
    inbox.drop("surveys[12].csv", surveys(1))
    inbox.drop("surveys1.csv", surveys(1, first=1))
    inbox.sources = [inbox.source("nps", Table.SURVEYS, "surveys[[]12].csv")]
    assert [file.file_name for file in inbox.land().files] == ["surveys[12].csv"]
    assert inbox.rows("select response_id from raw.surveys") == [("R0",)]


def test_column_names_are_data(inbox):
    evil = """x'"; drop table raw.ledger; --"""
    inbox.land_one(
        "surveys.csv",
        HEADER.strip()
        + ',"'
        + evil.replace('"', '""')
        + '"\n'
        + survey(1).strip()
        + ",1\n"
        + survey(2, score="x").strip()
        + ",2\n",
    )
    assert inbox.rows("select json_keys(_extra) from raw.surveys") == [([evil],)]
    assert len(inbox.rejects()) == 1


def test_values_are_data(inbox):
    evil = "'; drop table raw.ledger; --"
    file = inbox.land_one("surveys.csv", HEADER + survey(1, comment=evil), null_values=(evil, "'"))
    assert (file.n_landed, inbox.rows("select comment from raw.surveys")) == (1, [(None,)])
