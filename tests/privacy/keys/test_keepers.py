"""Who keeps the master key: a file, a passphrase, or the system's keyring; never nobody."""

from __future__ import annotations

from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail

from config.settings import Settings
from privacy.keys.keepers import keeper, open_master
from privacy.keys.master import NoMaster


class InMemory(KeyringBackend):
    """A keyring of an operating system, which cannot exist here."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def system() -> Iterator[InMemory]:
    before, backend = keyring.get_keyring(), InMemory()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


@pytest.fixture
def no_system() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())
    yield
    keyring.set_keyring(before)


def by(settings: Settings, keys: str, passphrase: str | None = None) -> Settings:
    return settings.model_copy(update={"keys": keys, "passphrase": passphrase})


def kind(settings: Settings) -> str:
    kept = keeper(settings)
    return kept.kind if kept else ""


def test_unattended_it_is_a_file_that_only_its_owner_reads(settings: Settings) -> None:
    settings.paths.make()
    master = open_master(settings)
    path = settings.paths.secrets / "master.key"
    assert (kind(settings), path.stat().st_mode & 0o777) == ("file", 0o600)
    path.chmod(0o644)
    assert open_master(settings) == master
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_passphrase_seals_it_and_another_does_not_open_it(settings: Settings) -> None:
    settings.paths.make()
    master = open_master(by(settings, "auto", "correct horse"))
    assert kind(settings) == "passphrase"
    assert master.keys[0] not in (settings.paths.secrets / "master.sealed").read_bytes()
    assert open_master(by(settings, "auto", "correct horse")) == master
    with pytest.raises(NoMaster, match="not the passphrase"):
        open_master(by(settings, "auto", "wrong horse"))


def test_without_a_passphrase_and_a_terminal_it_says_what_to_do(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.paths.make()
    open_master(by(settings, "auto", "correct horse"))
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(NoMaster, match="FREELANCEX_PASSPHRASE"):
        open_master(by(settings, "auto"))


def test_in_a_terminal_it_is_asked_for(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.paths.make()
    master = open_master(by(settings, "auto", "correct horse"))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _: "correct horse")
    assert open_master(by(settings, "auto")) == master


def test_a_keyring_of_the_system_is_taken_where_there_is_one(settings: Settings, system: InMemory) -> None:
    settings.paths.make()
    master = open_master(by(settings, "auto"))
    assert kind(settings) == "keyring" and len(system.kept) == 1
    assert open_master(by(settings, "auto")) == master
    system.kept.clear()
    with pytest.raises(NoMaster, match="unlock"):
        open_master(by(settings, "auto"))


@pytest.mark.usefixtures("no_system")
def test_a_keyring_that_was_wished_and_is_not_there_is_an_error_and_never_nothing(settings: Settings) -> None:
    settings.paths.make()
    with pytest.raises(NoMaster, match="no keyring"):
        open_master(by(settings, "keyring"))
    assert kind(settings) == ""


def test_the_key_moves_where_it_is_wished_and_stays_the_same(settings: Settings, system: InMemory) -> None:
    settings.paths.make()
    master = open_master(by(settings, "file"))
    for keys, left in (("passphrase", "master.sealed"), ("keyring", "master.keyring"), ("file", "master.key")):
        assert open_master(by(settings, keys, "correct horse")) == master
        assert [path.name for path in settings.paths.secrets.glob("master.[!c]*")] == [left]
    assert system.kept == {}


def test_a_damaged_key_file_is_said_and_not_replaced(settings: Settings) -> None:
    settings.paths.make()
    open_master(settings)
    path = settings.paths.secrets / "master.key"
    path.write_bytes(b"[]")
    with pytest.raises(NoMaster, match="damaged"):
        open_master(settings)
    assert path.read_bytes() == b"[]"
