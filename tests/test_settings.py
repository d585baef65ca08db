"""Settings from the environment."""

from __future__ import annotations

import pytest

from regulars.errors import SettingsError
from regulars.settings import Settings, read_settings


def test_an_empty_environment_gives_the_defaults() -> None:
    assert read_settings({}) == Settings()
    assert read_settings({"PATH": "/bin"}).requests_per_minute == 180


def test_a_setting_is_read_by_its_name() -> None:
    settings = read_settings({"REGULARS_BODY_BYTES": " 1000 ", "REGULARS_DATA": "/srv/regulars"})
    assert settings.body_bytes == 1000
    assert settings.data == "/srv/regulars"


@pytest.mark.parametrize("value", ["", "ten", "-1", "0", "1.5"])
def test_a_value_that_cannot_be_used_is_an_error_that_names_the_setting(value: str) -> None:
    with pytest.raises(SettingsError, match="REGULARS_BODY_BYTES"):
        read_settings({"REGULARS_BODY_BYTES": value})


def test_a_name_that_is_no_setting_is_an_error() -> None:
    with pytest.raises(SettingsError, match="REGULARS_DATEBASE_URL"):
        read_settings({"REGULARS_DATEBASE_URL": "postgresql://"})
