"""The local model gives the vectors that its authors defined, whatever the batch, thread or process."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from fastembed import TextEmbedding
from tokenizers import Tokenizer

from processing.embedding.chunking import pack_atoms
from processing.embedding.config import EmbeddingSettings
from processing.embedding.factory import make_provider
from processing.embedding.local import LocalProvider, _list_atoms
from supastate.errors import ConfigurationError, InvalidInputError

TEXTS = [
    "How do I reset my database password?",
    "Lost the DB credentials, need to recover the login.",
    "The cat sat on the mat.",
    "def parse_http_response(data): return json.loads(data)",
    "Parse an HTTP response as JSON",
]


def test_vectors_are_384_numbers_of_length_one(local_provider: LocalProvider) -> None:
    vectors = local_provider.embed(TEXTS)
    assert vectors.shape == (5, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_like_meanings_are_near_and_unlike_ones_far(local_provider: LocalProvider) -> None:
    vectors = local_provider.embed(TEXTS)
    near = vectors @ vectors.T
    assert near[0, 1] > 0.6
    assert near[3, 4] > 0.6
    assert max(near[0, 2], near[1, 2], near[2, 3], near[0, 4]) < 0.2


def test_vectors_are_the_mean_over_tokens_of_the_last_layer(
    local_provider: LocalProvider, embedding_model_dir: Path
) -> None:
    session = onnxruntime.InferenceSession(str(embedding_model_dir / "model.onnx"))
    encoding = Tokenizer.from_file(str(embedding_model_dir / "tokenizer.json")).encode(TEXTS[0])
    ids = np.array([[token for token in encoding.ids if token]])
    inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    mean = session.run(None, inputs)[0][0].mean(axis=0)
    assert np.allclose(local_provider.embed(TEXTS[:1])[0], mean / np.linalg.norm(mean), atol=1e-5)


def test_a_vector_does_not_depend_on_its_batch(local_provider: LocalProvider) -> None:
    texts = ["short", "a much longer text " * 20, "middle sized text here", "x", "y z"]
    together = local_provider.embed(texts)
    alone = [local_provider.embed([text])[0] for text in texts]
    assert np.allclose(together, alone, atol=1e-5)


def test_vectors_are_those_of_fastembed(local_provider: LocalProvider, embedding_model_dir: Path) -> None:
    texts = [*TEXTS, "ünïcödé 漢字", "word " * 600]
    known = TextEmbedding(
        "sentence-transformers/all-MiniLM-L6-v2", specific_model_path=str(embedding_model_dir), threads=1
    )
    assert np.allclose(local_provider.embed(texts), list(known.embed(texts, batch_size=1)), atol=1e-5)


@pytest.mark.parametrize(
    "text", ["a", " a b\n", "word " * 254, "word " * 255, "word " * 300, "한국어 " * 60, "\n\u200b "]
)
def test_a_text_that_fits_is_cut_as_any_other(embedding_model_dir: Path, text: str) -> None:
    short = LocalProvider(model_dir=embedding_model_dir)
    budget = short.max_tokens - 2
    encoding = Tokenizer.from_file(str(embedding_model_dir / "tokenizer.json"))
    encoding.no_truncation()
    encoding.no_padding()
    atoms = _list_atoms(text, encoding=encoding.encode(text, add_special_tokens=False), budget=budget)
    assert short.split(text) == pack_atoms(atoms, budget=budget, overlap=budget // 10, length=len(text))


def test_no_texts_give_no_vectors(local_provider: LocalProvider) -> None:
    assert local_provider.embed([]).shape == (0, 384)


def test_a_query_is_near_the_text_it_asks_for(local_provider: LocalProvider) -> None:
    query = local_provider.embed_query("forgot database login")
    assert int(np.argmax(local_provider.embed(TEXTS) @ query)) == 1


def test_a_long_query_is_cut_to_one_chunk(local_provider: LocalProvider) -> None:
    long = "database password " * 500
    first = local_provider.split(long)[0]
    assert np.allclose(local_provider.embed_query(long), local_provider.embed([long[: first.end]])[0])


def test_an_empty_query_is_refused(local_provider: LocalProvider) -> None:
    with pytest.raises(InvalidInputError, match="query is empty"):
        local_provider.embed_query(" \n")


def test_threads_get_the_same_vectors(embedding_model_dir: Path, local_provider: LocalProvider) -> None:
    fresh = LocalProvider(model_dir=embedding_model_dir)
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: fresh.embed(TEXTS), range(6)))
    expected = local_provider.embed(TEXTS)
    assert all(np.allclose(result, expected, atol=1e-6) for result in results)


def test_a_forked_child_loads_its_own_model(local_provider: LocalProvider) -> None:
    expected = local_provider.embed(TEXTS)
    here, there = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("fork").Process(target=_embed_in_child, args=(local_provider, there))
    child.start()
    assert here.poll(60)
    assert np.allclose(here.recv(), expected, atol=1e-6)
    child.join(10)
    assert child.exitcode == 0
    here.close()
    there.close()


def _embed_in_child(provider: LocalProvider, pipe: Connection) -> None:
    pipe.send(provider.embed(TEXTS))


def test_a_closed_provider_opens_again(embedding_model_dir: Path) -> None:
    provider = LocalProvider(model_dir=embedding_model_dir)
    before = provider.embed(TEXTS[:1])
    provider.close()
    assert np.allclose(provider.embed(TEXTS[:1]), before)


def test_a_folder_without_the_model_is_named_at_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"EMBEDDING_MODEL_DIR .* lacks model\.onnx"):
        make_provider(EmbeddingSettings(model_dir=tmp_path))


def test_the_default_provider_needs_a_folder() -> None:
    with pytest.raises(ConfigurationError, match="EMBEDDING_MODEL_DIR is not set"):
        make_provider(EmbeddingSettings())


def test_the_factory_makes_the_local_provider(embedding_model_dir: Path) -> None:
    provider = make_provider(EmbeddingSettings(model_dir=embedding_model_dir))
    assert (provider.model, provider.dimensions, provider.max_tokens) == ("local/all-MiniLM-L6-v2", 384, 256)
