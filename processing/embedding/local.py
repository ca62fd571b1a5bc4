"""The model that runs on this machine: all-MiniLM-L6-v2 as ONNX, from a folder, without network or key."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np
from tokenizers import Encoding, Tokenizer

from processing.embedding.chunking import Atom, opens_line, pack_atoms
from processing.embedding.per_process import PerProcess
from processing.embedding.provider import (
    Chunk,
    RequestLimits,
    Vector,
    Vectors,
    check_vectors,
    cut_query,
)
from supastate.errors import ConfigurationError

if TYPE_CHECKING:
    from fastembed import TextEmbedding

_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
_DIMENSIONS = 384
_SPECIAL_TOKENS = 2  # [CLS] and [SEP] around every text
COUNTED_TEXTS = 1_024  # a chunk is counted when it is checked and again when requests are planned
_FILES = ("model.onnx", "tokenizer.json", "tokenizer_config.json", "config.json", "special_tokens_map.json")


class LocalProvider:
    """all-MiniLM-L6-v2, 384 dimensions, vectors of length 1. Loaded on first use, once in each process."""

    model = "local/all-MiniLM-L6-v2"
    dimensions = _DIMENSIONS

    def __init__(self, *, model_dir: Path, max_tokens: int = 256, batch_size: int = 4) -> None:
        """Raise ConfigurationError when the folder lacks one of the model's files."""
        missing = [name for name in _FILES if not (model_dir / name).is_file()]
        if missing:
            raise ConfigurationError(
                f"EMBEDDING_MODEL_DIR {model_dir} lacks {', '.join(missing)}: assemble the local model first."
            )
        self.max_tokens = max_tokens
        # The model reads up to 512 tokens; 256 inputs are enough to sort texts of like length together.
        self.request_limits = RequestLimits(max_inputs=256, max_input_tokens=512, max_tokens=256 * 512)
        self._batch_size = batch_size
        self._model_dir = model_dir
        self._tokenizer = PerProcess(self._load_tokenizer)
        self._session = PerProcess(self._load_session)
        self._count = lru_cache(maxsize=COUNTED_TEXTS)(self._count_now)

    def count_tokens(self, text: str) -> int:
        """Count the tokens that the model reads, its two special ones included."""
        return self._count(text)

    def split(self, text: str) -> tuple[Chunk, ...]:
        """Cut by the model's own tokens, between words, at a line's end where one is near."""
        budget = self.max_tokens - _SPECIAL_TOKENS
        atoms = _list_atoms(text, encoding=self._encode(text), budget=budget)
        return pack_atoms(atoms, budget=budget, overlap=budget // 10, length=len(text))

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed in small batches of texts of like length, which spares the model most of the padding."""
        encodings = self._tokenizer.get().encode_batch(list(texts), add_special_tokens=False)
        order = sorted(range(len(texts)), key=lambda index: len(encodings[index]))
        found = list(self._session.get().embed([texts[i] for i in order], batch_size=self._batch_size))
        checked = check_vectors(found, count=len(texts), dimensions=_DIMENSIONS)
        vectors = np.empty_like(checked)
        vectors[order] = checked
        return vectors

    def embed_query(self, text: str, *, timeout: float | None = None) -> Vector:
        """Embed a query, cut to one chunk; some ten milliseconds."""
        vector: Vector = self.embed([cut_query(self, text)])[0]
        return vector

    def for_workspace(self, workspace_id: UUID) -> LocalProvider:
        """This machine's own model is not charged to anybody."""
        return self

    def close(self) -> None:
        """Unload the model from this process."""
        self._session.take()
        self._tokenizer.take()

    def _count_now(self, text: str) -> int:
        return len(self._encode(text)) + _SPECIAL_TOKENS

    def _encode(self, text: str) -> Encoding:
        return self._tokenizer.get().encode(text, add_special_tokens=False)

    def _load_tokenizer(self) -> Tokenizer:
        tokenizer = Tokenizer.from_file(str(self._model_dir / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    def _load_session(self) -> TextEmbedding:
        # Here, because it brings 60 MB of ONNX runtime that only processes which embed should carry.
        from fastembed import TextEmbedding

        # One thread: two processes of one thread embed twice what one process of two threads does.
        return TextEmbedding(_MODEL, specific_model_path=str(self._model_dir), threads=1, local_files_only=True)


def _list_atoms(text: str, *, encoding: Encoding, budget: int) -> list[Atom]:
    """List the text's words with their token counts; a word over the budget counts token by token."""
    starts = [start for start, _ in encoding.offsets]
    words = encoding.word_ids
    sizes: dict[int | None, int] = {}
    for word in words:
        sizes[word] = sizes.get(word, 0) + 1
    atoms: list[Atom] = []
    previous_word = None
    for start, word in zip(starts, words, strict=True):
        goes_on = word == previous_word and sizes[word] <= budget
        # Several tokens may come from one character (a Hangul syllable): it is not cut either.
        if atoms and (goes_on or start <= atoms[-1].start):
            last = atoms[-1]
            atoms[-1] = Atom(start=last.start, cost=last.cost + 1, opens_line=last.opens_line)
        else:
            previous_start = atoms[-1].start if atoms else 0
            breaks = opens_line(text, previous_start=previous_start, start=start)
            atoms.append(Atom(start=start, cost=1, opens_line=breaks))
        previous_word = word
    return atoms
