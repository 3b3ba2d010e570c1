"""Texts become vectors: the same by every engine, for every text, and only by the model that was published."""

from __future__ import annotations

import importlib.util
import json
import multiprocessing
import os
import shutil
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from bench import embeddings
from config.settings import Settings
from integrations.models.embeddings import weights
from integrations.models.embeddings.embedder import (
    MOST_PIECES,
    MiniLM,
    numpy_engine,
    onnx_engine,
    open_embedder,
)
from integrations.models.embeddings.weights import EmbeddingError

TEXTS = (
    "Write an invoice for Zeta, 12 hours at 80 €",
    "",
    "   \n\t ",
    "x",
    "Kündigungsfrist: vier Wochen zum Monatsende, schriftlich.",
    "请给我写一份发票 🙂 👩‍👩‍👧 الفاتورة",
    "half a pair \ud83d and a zero \x00 and \u202e turned",
    "The fee is paid in two parts. " * 40,
    "word " * 50_000,
)


@pytest.fixture(scope="module")
def path() -> Path:
    found = weights.find()
    assert found is not None
    return found


@pytest.fixture(scope="module")
def model(path: Path, tmp_path_factory: pytest.TempPathFactory) -> MiniLM:
    return MiniLM(path, tmp_path_factory.mktemp("cache") / "checked", onnx_engine)


@pytest.fixture(scope="module")
def plain(path: Path, tmp_path_factory: pytest.TempPathFactory) -> MiniLM:
    return MiniLM(path, tmp_path_factory.mktemp("cache") / "checked", numpy_engine)


def test_every_text_has_a_vector_of_length_one(model: MiniLM) -> None:
    vectors = model.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), model.dimensions) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_have_no_vectors(model: MiniLM) -> None:
    assert model.embed([]).shape == (0, 384)


def test_both_engines_make_the_same_vectors(model: MiniLM, plain: MiniLM) -> None:
    cosines = np.sum(model.embed(TEXTS) * plain.embed(TEXTS), axis=1)
    assert cosines.min() > 0.9999


@pytest.mark.skipif(importlib.util.find_spec("llama_cpp") is None, reason="llama.cpp is not built here")
def test_llama_cpp_makes_the_same_vectors_of_the_same_weights(model: MiniLM) -> None:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        made = np.array(process.submit(embeddings.vectors, "llama", embeddings.TEXTS).result())
    assert np.sum(model.embed(embeddings.TEXTS) * made, axis=1).min() > 0.999


def test_vectors_are_those_that_were_published(model: MiniLM) -> None:
    # The example of the model's card: what its authors' own library prints for it begins so.
    vector = model.embed(["This is an example sentence"])[0]
    assert np.allclose(vector[:4], [0.0676569, 0.0634959, 0.0487131, 0.0793049], atol=1e-4)


def test_the_same_meaning_in_other_words_lies_closer_than_another_meaning(model: MiniLM) -> None:
    asked, alike, other = model.embed(["When must I be paid?", "Invoices fall due in 30 days", "The cat is asleep"])
    assert asked @ alike > asked @ other + 0.15


def test_what_follows_the_256th_word_piece_does_not_count(model: MiniLM) -> None:
    begin = "word " * (MOST_PIECES - 2)
    whole, longer, shorter = model.embed([begin, begin + "weather in Lisbon", begin[: -len("word ")] + "weather"])
    assert np.array_equal(whole, longer) and not np.array_equal(whole, shorter)


def test_a_changed_file_is_refused(path: Path, tmp_path: Path) -> None:
    changed = tmp_path / path.name
    shutil.copy(path, changed)
    with changed.open("r+b") as file:
        file.seek(50_000_000)
        file.write(b"\x01\x02\x03\x04")
    with pytest.raises(EmbeddingError, match="please reinstall"):
        MiniLM(changed, tmp_path / "checked").embed(["x"])
    assert not (tmp_path / "checked").exists()


def test_the_checksum_is_taken_again_only_after_a_change(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / path.name
    shutil.copy(path, copy)
    taken: list[str] = []
    digest = weights.hashlib.file_digest
    monkeypatch.setattr(weights.hashlib, "file_digest", lambda file, kind: taken.append(kind) or digest(file, kind))
    for _ in range(2):
        weights.check(copy, tmp_path / "checked")
    assert len(taken) == 1
    os.utime(copy, ns=(1, 1))
    weights.check(copy, tmp_path / "checked")
    assert len(taken) == 2


def entry(**changes: object) -> dict[str, object]:
    return {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]} | changes


@pytest.mark.parametrize(
    "header",
    [
        {"a": entry(data_offsets=[0, 1_000_000], shape=[250_000])},
        {"a": entry(data_offsets=[-16, 0])},
        {"a": entry(shape=[3, 3])},
        {"a": entry(shape=[-2, -2])},
        {"a": "not a tensor"},
        ["not", "a", "table"],
    ],
)
def test_a_tensor_outside_of_the_file_is_refused(header: object, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + bytes(16))
    with pytest.raises(EmbeddingError):
        weights.read(path)


@pytest.mark.parametrize("content", [b"", b"abc", b"\xff" * 8, (50).to_bytes(8, "little") + b"{", bytes(200)])
def test_what_is_no_safetensors_file_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    with pytest.raises(EmbeddingError):
        weights.read(path)


def test_embeddings_can_be_switched_off(settings: Settings) -> None:
    assert open_embedder(settings.model_copy(update={"embeddings": "off"})) is None
    assert open_embedder(settings) is not None


def test_without_the_package_there_is_no_embedder(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "PACKAGE", "no-such-package-here")
    assert open_embedder(settings) is None


def test_a_text_is_worked_out_once(path: Path, tmp_path: Path) -> None:
    asked: list[int] = []

    def engine(ids: object) -> np.ndarray:
        asked.append(1)
        return np.ones(384, np.float32)

    counting = MiniLM(path, tmp_path / "checked", lambda _: engine)
    counting.embed(["a", "b", "a"])
    counting.embed(["b", "c"])
    assert len(asked) == 3


def test_threads_may_ask_at_once(path: Path, tmp_path: Path, model: MiniLM) -> None:
    texts = [f"text number {number}" for number in range(40)]
    fresh = MiniLM(path, tmp_path / "checked")
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(fresh.embed, [texts] * 4))
    assert all(np.allclose(one, model.embed(texts), atol=1e-5) for one in made)
