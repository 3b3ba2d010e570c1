"""The ladder of models is complete and each of its files has an address."""

import pytest
from pydantic import ValidationError

from config.ladder import Rung, ladder


def test_every_step_is_there_from_none_to_the_largest() -> None:
    assert list(ladder()) == ["embedded", "fast", "balanced", "powerful", "vision", "embeddings"]


@pytest.mark.parametrize("rung", [rung for rung in ladder().values() if rung.downloadable], ids=lambda rung: rung.name)
def test_what_can_be_downloaded_states_all_that_is_asked_before(rung: Rung) -> None:
    assert rung.size > 10**9 and rung.licence == "Apache-2.0" and rung.quantisation == "Q4_K_M"
    assert rung.context >= 8192 and rung.shape and rung.serves and rung.template
    assert all(url.startswith("https://huggingface.co/") and url.endswith(".gguf") for url in rung.urls().values())
    assert bool(rung.projector) == ("vision" in rung.serves)


def test_files_can_come_from_another_address() -> None:
    urls = ladder()["balanced"].urls("http://127.0.0.1:8080/")
    assert next(iter(urls.values())).startswith("http://127.0.0.1:8080/unsloth/")


@pytest.mark.parametrize(
    "wrong", [{"file": "../../etc/passwd.gguf"}, {"sha256": "abc"}, {"repository": "http://x/y"}, {"colour": "red"}]
)
def test_an_entry_that_makes_no_sense_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Rung.model_validate({"name": "x", "title": "X", "about": "x"} | wrong)
