"""Settings: where they come from, and what is said when they are wrong."""

from pathlib import Path

import pytest

from runtime.settings import Settings, SettingsError, find_stack, load_settings
from runtime.stackfile import StackFile
from runtime.variables import variables

STACK = StackFile(
    pid=1,
    database_url="postgresql://postgres@127.0.0.1:5432/postroad",
    temporal_address="127.0.0.1:7300",
    temporal_ui_url="http://127.0.0.1:8233",
    sendgrid_url="http://127.0.0.1:8025",
    sendgrid_api_key="SG.stack",
    inbox_url="http://127.0.0.1:8025/inbox",
    public_url="http://127.0.0.1:8080",
    api_key="key",
    token_keys=("one",),
    mail_domain="mail.example",
    inbound_domain="in.example",
    inbound_path_secret="path",  # noqa: S106 a made-up one
    webhook_public_keys=("public",),
)


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for row in variables():
        monkeypatch.delenv(row.name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_a_missing_database_is_named_with_the_way_to_get_one() -> None:
    with pytest.raises(SettingsError, match=r"^POSTROAD_DATABASE_URL is not set .* `make up`$"):
        load_settings()


def test_a_wrong_value_is_named_but_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTROAD_DATABASE_URL", "mysql://ada:secret@db/app")

    with pytest.raises(SettingsError) as error:
        load_settings()

    assert str(error.value) == (
        "POSTROAD_DATABASE_URL is wrong: must look like postgresql://user:password@host/name"
    )


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_any_postgresql_url_gets_the_driver_of_ours(
    monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv("POSTROAD_DATABASE_URL", f"{scheme}://db/app")

    assert load_settings().database_url == "postgresql+psycopg://db/app"


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTROAD_DATABASE_URL", "postgresql://db/app")
    monkeypatch.setenv("POSTROAD_TOKEN_KEYS", "new, old")

    keys = load_settings().token_keys

    assert [key.get_secret_value() for key in keys] == ["new", "old"]


def test_a_running_stack_of_a_folder_above_stands_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    STACK.write(tmp_path)
    (tmp_path / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "deep")

    settings = load_settings()

    assert settings.temporal_address == "127.0.0.1:7300"
    assert settings.mailing().sendgrid_url == "http://127.0.0.1:8025"
    assert settings.virtual_time


def test_a_stack_is_passed_over_where_a_database_is_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    STACK.write(tmp_path)
    monkeypatch.setenv("POSTROAD_DATABASE_URL", "postgresql://db/app")

    settings = load_settings()

    assert settings.sendgrid_api_key is None
    assert settings.temporal_address is None


def test_temporals_own_variable_wins_over_the_stack(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    STACK.write(tmp_path)
    monkeypatch.setenv("TEMPORAL_ADDRESS", "temporal:7233")

    assert load_settings().temporal_address == "temporal:7233"


def test_a_broken_stack_file_is_one_sentence(tmp_path: Path) -> None:
    STACK.write(tmp_path).write_text("{")

    with pytest.raises(SettingsError, match=r"remove it and start the stack again$"):
        find_stack()


def test_only_its_owner_reads_the_stack_file(tmp_path: Path) -> None:
    path = STACK.write(tmp_path)

    assert path.stat().st_mode & 0o077 == 0
    assert find_stack() == STACK


def test_sending_without_a_key_names_the_variable() -> None:
    settings = Settings(database_url="postgresql://db/app")

    with pytest.raises(SettingsError, match=r"^POSTROAD_SENDGRID_API_KEY is not set: "):
        settings.mailing()


def test_no_secret_shows_when_settings_are_printed(tmp_path: Path) -> None:
    STACK.write(tmp_path)

    shown = repr(load_settings())

    assert "SG.stack" not in shown
    assert "5432" not in shown


def test_each_setting_says_what_it_is_for() -> None:
    assert all(row.meaning.endswith(".") for row in variables())
    assert len(variables()) == len(Settings.model_fields)
