"""What `voc.yml` may say, and how a mistake in it is told."""

import pytest
import yaml
from support import ROOT

from voc.errors import InputError
from voc.settings import loading, template
from voc.settings.model import Settings, SmtpSettings


@pytest.fixture
def said(tmp_path):
    return yaml.safe_load(template.write(tmp_path).read_text())


def complaint(said, tmp_path) -> str:
    path = tmp_path / "voc.yml"
    path.write_text(yaml.safe_dump(said))
    with pytest.raises(InputError) as error:
        loading.load(path)
    assert str(path) in error.value.what
    return error.value.what


def test_what_init_writes_is_valid(tmp_path):
    settings = loading.load(template.write(tmp_path))
    assert settings.detection.false_discovery_rate == 0.10
    assert settings.alerts.sender == "voc@example.com"


def test_init_never_overwrites(tmp_path):
    path = template.write(tmp_path)
    path.write_text("mine")
    with pytest.raises(InputError, match="is there already"):
        template.write(tmp_path)
    assert path.read_text() == "mine"


def test_a_misspelt_key_is_named_with_the_nearest_one(said, tmp_path):
    said["kpis"]["on_time_rate"]["bettr"] = said["kpis"]["on_time_rate"].pop("better")
    told = complaint(said, tmp_path)
    assert "kpis.on_time_rate.better is missing" in told
    assert "kpis.on_time_rate.bettr is not a known key (did you mean better?)" in told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda s: s.update(timezone="Mars/Olympus"), "timezone: not a time zone name"),
        (lambda s: s["kpis"]["on_time_rate"].update(cadence="monthly", combine="sum"), "a monthly sum"),
        (lambda s: s["sources"]["surveys"][0].update(fresh_within="soon"), "write hours or days"),
        (lambda s: s["sources"]["surveys"][0].update(scale=[3, 3]), "its two ends are the same"),
        (lambda s: s["sources"]["surveys"][0].update(name="crm"), "two sources are called crm"),
        (lambda s: s["sources"]["surveys"][0].update(encoding="klingon"), "not an encoding"),
        (lambda s: s["sources"]["surveys"][0].update(name='x"; drop'), "String should match pattern"),
        (lambda s: s["detection"].update(false_discovery_rate=0.9), "less than 0.5"),
        (lambda s: s["owners"].update(routes=[{"kpi": "nps", "owner": "a@b.example"}]), "no KPI called nps"),
        (lambda s: s.update(privacy={"keep_text_days": 27}), "greater than or equal to 28"),
        (lambda s: s.pop("owners"), "owners is missing"),
    ],
)
def test_a_wrong_value_is_named_by_its_key(said, tmp_path, change, told):
    change(said)
    assert told in complaint(said, tmp_path)


def test_broken_yaml_is_named_by_line(tmp_path):
    (tmp_path / "voc.yml").write_text("version: 1\ncompany: [unclosed\n")
    with pytest.raises(InputError, match="line 3"):
        loading.load(tmp_path / "voc.yml")


def test_a_missing_file_says_how_to_begin(tmp_path):
    with pytest.raises(InputError, match="voc init"):
        loading.load(tmp_path / "voc.yml")


def test_python_tags_in_yaml_are_refused(tmp_path):
    (tmp_path / "voc.yml").write_text("!!python/object/apply:os.system ['true']\n")
    with pytest.raises(InputError):
        loading.load(tmp_path / "voc.yml")


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("company: Lumen\ntimezone: UTC\ncompany: Other\n", "line 3", "company is written twice, first in line 1"),
        ("kpis:\n  nps:\n    unit: score\n    unit: share\n", "line 4", "unit is written twice, first in line 3"),
        ("sources: {kpis: [{name: a, name: b}]}\n", "line 1", "name is written twice, first in line 1"),
        ("1: a\n1: b\n", "line 2", "1 is written twice"),
    ],
)
def test_a_key_written_twice_is_named_with_its_line(tmp_path, text, where, what):
    path = tmp_path / "voc.yml"
    path.write_text(text)
    with pytest.raises(InputError) as error:
        loading.load(path)
    assert f"{path}, {where}" in error.value.what
    assert what in error.value.what
    assert error.value.fix == "keep one of the two"


def test_a_merge_key_is_refused_since_it_hides_what_a_key_says(tmp_path):
    path = tmp_path / "voc.yml"
    path.write_text("usual: &usual {unit: share}\nkpis:\n  nps:\n    <<: *usual\n    unit: score\n")
    with pytest.raises(InputError) as error:
        loading.load(path)
    assert f"{path}, line 4" in error.value.what
    assert "merge key" in error.value.what
    assert error.value.fix == "write the keys out where they belong"


def test_an_anchor_that_holds_itself_is_an_error_not_a_crash(tmp_path):
    path = tmp_path / "voc.yml"
    path.write_text("owners: &all\n  routes: *all\n")
    with pytest.raises(InputError):
        loading.load(path)


def test_the_variables_that_hold_secrets_are_those_of_every_key_that_ends_in_env():
    example = (ROOT / "docs/configuration.md").read_text().split("```yaml\n")[1].split("```")[0]
    settings = Settings.model_validate(yaml.safe_load(example))
    assert settings.secret_variables() == set()
    smtp = SmtpSettings(host="mail.acme.example", user="voc", password_env="VOC_SMTP_PASSWORD")
    asking = settings.model_copy(update={"alerts": settings.alerts.model_copy(update={"smtp": smtp})})
    assert asking.secret_variables() == {"VOC_SMTP_PASSWORD"}
