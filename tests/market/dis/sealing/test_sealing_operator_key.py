"""The operator's key: from a setting, or a file that is made once, readable by its owner only."""

from __future__ import annotations

import stat

import pytest

from market import create_app
from market.config import BadSetting, Settings, environment_of, from_environment
from market.dis.sealing.at_hand import keeper
from market.dis.sealing.operator_key import FILE, keeper_of


def settings_in(folder, **more) -> Settings:
    return Settings(instance=folder, database_url="", secret_key="", password_salt="", **more)


def test_the_file_is_made_once_and_kept(tmp_path):
    folder = tmp_path / "instance"
    first = keeper_of(settings_in(folder))
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == [FILE]
    assert keeper_of(settings_in(folder)) == first
    assert len(first.key) == 32


def test_a_setting_goes_before_the_file_and_makes_none(tmp_path):
    key = "s" * 32
    assert keeper_of(settings_in(tmp_path, tender_key=key)) == keeper_of(
        settings_in(tmp_path / "x", tender_key=key)
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "too short"])
def test_a_key_that_can_be_none_is_said(tmp_path, text):
    (tmp_path / FILE).write_text(text)
    with pytest.raises(BadSetting, match="NARMAT_TENDER_KEY"):
        keeper_of(settings_in(tmp_path))


def test_the_setting_is_read_and_handed_on_and_never_shown(tmp_path):
    env = {"NARMAT_INSTANCE": str(tmp_path), "NARMAT_TENDER_KEY": "s" * 32}
    settings = from_environment(env)
    assert settings.tender_key == "s" * 32
    assert environment_of(settings)["NARMAT_TENDER_KEY"] == "s" * 32
    assert "ssss" not in repr(settings)


def test_a_request_has_one_keeper(app, tmp_path):
    with app.app_context():
        assert keeper() is keeper()
    assert (tmp_path / FILE).is_file()


def test_a_setting_that_can_not_be_used_stops_the_start(tmp_path):
    with pytest.raises(BadSetting, match="32"):
        create_app(settings_in(tmp_path, tender_key="short").having(database_url="sqlite://"))
