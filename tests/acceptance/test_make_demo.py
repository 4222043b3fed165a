"""Writing the demo company where something lives already."""

import pytest

from voc import app
from voc.errors import InputError
from voc.settings import template


def test_a_project_that_is_not_a_demo_is_left_alone(tmp_path):
    template.write(tmp_path)
    before = (tmp_path / "voc.yml").read_text()
    with pytest.raises(InputError, match="not a demo"):
        app.make_demo(tmp_path, 7)
    assert (tmp_path / "voc.yml").read_text() == before


def test_the_same_company_again_is_welcome_and_another_is_not_once_it_has_had_a_night(tmp_path):
    app.make_demo(tmp_path, 7)
    inbox = {path.name: path.read_bytes() for path in (tmp_path / "inbox").iterdir()}
    (tmp_path / "state").mkdir()
    app.make_demo(tmp_path, 7)
    with pytest.raises(InputError, match="another seed"):
        app.make_demo(tmp_path, 8)
    assert {path.name: path.read_bytes() for path in (tmp_path / "inbox").iterdir()} == inbox
