"""Chunks cover their text exactly, overlap a little, fit the model, and cut no character in two."""

from __future__ import annotations

import itertools
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processing.embedding.chunking import Atom, pack_atoms
from processing.embedding.local import LocalProvider
from processing.embedding.openai_provider import OpenAIProvider
from processing.embedding.provider import Chunk, EmbeddingProvider

CODE = Path(pack_atoms.__code__.co_filename).read_text("utf-8")
TEXTS = {
    "code": CODE * 3,
    "prose": "The queue's row is the truth; a message is only a hint. " * 60,
    "emoji": "Ship it 👩‍👩‍👧‍👦🏽 now 🎉🎉🎉, then 🇨🇭 rest. " * 40,
    "combining": "Cafe\u0301 na\u0308ive re\u0301sume\u0301 " * 80,
    "hangul": "한국어 문장은 띄어쓰기없이도 길어질수 있습니다 " * 30,
    "chinese": "数据库连接超时后应当重试而不是放弃" * 40,
    "one long word": "abcdefghij" * 400,
    "padded": "\n\n   \t" + "word " * 600 + " \n ",
    "wide gaps": ("left" + " " * 500 + "right\n") * 30,
    "short": "one",
}


@pytest.fixture(params=["local", "openai"])
def small_provider(request: pytest.FixtureRequest, embedding_model_dir: Path) -> EmbeddingProvider:
    """Return each provider with chunks so small that texts have many."""
    if request.param == "local":
        return LocalProvider(model_dir=embedding_model_dir, max_tokens=34)
    return OpenAIProvider(api_key="none", max_tokens=180)


def rejoin(text: str, chunks: tuple[Chunk, ...]) -> str:
    """Put the text together again, leaving out what overlaps."""
    ends = [0, *(chunk.end for chunk in chunks)]
    return "".join(text[end : chunk.end] for end, chunk in zip(ends, chunks, strict=False))


def assert_covers(text: str, chunks: tuple[Chunk, ...]) -> None:
    """Check everything that holds for any text that is not blank."""
    assert [chunk.chunk_no for chunk in chunks] == list(range(len(chunks)))
    assert chunks[0].start == 0
    assert chunks[-1].end == len(text)
    assert rejoin(text, chunks) == text
    assert all(text[chunk.start : chunk.end].strip() for chunk in chunks)
    for before, after in itertools.pairwise(chunks):
        assert before.start < after.start <= before.end < after.end


@pytest.mark.parametrize("name", TEXTS)
def test_chunks_cover_the_text_and_fit_the_model(small_provider: EmbeddingProvider, name: str) -> None:
    text = TEXTS[name]
    chunks = small_provider.split(text)
    assert_covers(text, chunks)
    costs = [small_provider.count_tokens(text[chunk.start : chunk.end]) for chunk in chunks]
    assert max(costs) <= small_provider.max_tokens


@pytest.mark.parametrize("name", ["code", "prose", "emoji", "combining", "hangul", "chinese", "padded"])
def test_long_texts_have_many_chunks_that_overlap(small_provider: EmbeddingProvider, name: str) -> None:
    chunks = small_provider.split(TEXTS[name])
    assert len(chunks) > 3
    overlapping = sum(after.start < before.end for before, after in itertools.pairwise(chunks))
    assert overlapping >= (len(chunks) - 1) / 2


@pytest.mark.parametrize("name", ["emoji", "combining", "hangul"])
def test_no_chunk_begins_inside_a_character(small_provider: EmbeddingProvider, name: str) -> None:
    text = TEXTS[name]
    for chunk in small_provider.split(text)[1:]:
        first, before = text[chunk.start], text[chunk.start - 1]
        assert not unicodedata.combining(first)
        assert "\u200d" not in {first, before}
        assert first != "\U0001f3fd"


@pytest.mark.parametrize("blank", ["", " ", "\n\t \r\n", "\u2003\u00a0"])
def test_blank_text_has_no_chunk(small_provider: EmbeddingProvider, blank: str) -> None:
    assert small_provider.split(blank) == ()


def test_text_that_fits_is_one_chunk(small_provider: EmbeddingProvider) -> None:
    assert small_provider.split("  retry with jitter\n") == (Chunk(0, 0, 20),)


def test_a_chunk_ends_at_a_lines_end_where_one_is_near(small_provider: EmbeddingProvider) -> None:
    text = "alpha beta gamma delta\n" * 150
    chunks = small_provider.split(text)
    assert len(chunks) > 5
    assert all(text[: chunk.end].endswith("\n") for chunk in chunks)


def test_an_atom_over_the_budget_is_a_chunk_alone_and_packing_goes_on() -> None:
    atoms = [Atom(start=i * 10, cost=cost, opens_line=False) for i, cost in enumerate([2, 50, 2, 2])]
    chunks = pack_atoms(atoms, budget=10, overlap=4, length=40)
    assert chunks == (Chunk(0, 0, 10), Chunk(1, 10, 20), Chunk(2, 20, 40))


@settings(max_examples=150, deadline=None)
@given(
    costs=st.lists(st.tuples(st.integers(1, 30), st.booleans()), min_size=1, max_size=60),
    budget=st.integers(4, 40),
)
def test_packing_covers_any_atoms_within_budget(costs: list[tuple[int, bool]], budget: int) -> None:
    atoms = [Atom(start=i, cost=cost, opens_line=line) for i, (cost, line) in enumerate(costs)]
    chunks = pack_atoms(atoms, budget=budget, overlap=budget // 4, length=len(atoms))
    assert rejoin("x" * len(atoms), chunks) == "x" * len(atoms)
    for chunk in chunks:
        inside = [atom.cost for atom in atoms[chunk.start : chunk.end]]
        assert sum(inside) <= budget or len(inside) == 1


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=400))
def test_any_text_at_all_is_covered_by_the_models_chunks(local_provider: LocalProvider, text: str) -> None:
    chunks = local_provider.split(text * 20)
    assert not chunks or rejoin(text * 20, chunks) == text * 20
    assert chunks or local_provider.count_tokens(text) == 2


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=400))
def test_any_text_that_is_not_blank_is_covered_by_estimated_chunks(text: str) -> None:
    provider = OpenAIProvider(api_key="none", max_tokens=20)
    chunks = provider.split(text)
    assert bool(chunks) == bool(text.strip())
    assert not chunks or rejoin(text, chunks) == text
