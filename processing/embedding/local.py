"""The model that runs on this machine: all-MiniLM-L6-v2 as ONNX, from a folder, without network or key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import numpy as np
from tokenizers import Encoding, Tokenizer

from processing.embedding.chunking import Atom, opens_line, pack_atoms, whole_text
from processing.embedding.onnx_model import OnnxModel, Tokens
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

_DIMENSIONS = 384
_SPECIAL_TOKENS = 2  # [CLS] and [SEP] around every text
_MOST_TOKENS = 512
READ_TEXTS = 1_024  # a text is read when it is cut and again when its request is planned, checked and embedded
_LONGEST_READ = 8_192  # characters: longer texts are not kept, and few of them are one chunk
_FILES = ("model.onnx", "tokenizer.json", "tokenizer_config.json", "config.json", "special_tokens_map.json")


@dataclass(frozen=True, slots=True)
class _Read:
    """How many tokens a text has, and those that the model reads."""

    count: int
    tokens: Tokens


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
        self.request_limits = RequestLimits(
            max_inputs=256, max_input_tokens=_MOST_TOKENS, max_tokens=256 * _MOST_TOKENS
        )
        self._batch_size = batch_size
        self._model_dir = model_dir
        self._tokenizer = PerProcess(self._load_tokenizer)
        self._onnx = PerProcess(self._load_model)
        self._read = lru_cache(maxsize=READ_TEXTS)(self._read_now)

    def count_tokens(self, text: str) -> int:
        """Count the tokens that the model reads, its two special ones included."""
        return self._read(text).count

    def split(self, text: str) -> tuple[Chunk, ...]:
        """Cut by the model's own tokens, between words, at a line's end where one is near."""
        if len(text) <= _LONGEST_READ and self.count_tokens(text) <= self.max_tokens:
            return whole_text(text) if self.count_tokens(text) > _SPECIAL_TOKENS else ()
        budget = self.max_tokens - _SPECIAL_TOKENS
        atoms = _list_atoms(text, encoding=self._encode(text), budget=budget)
        return pack_atoms(atoms, budget=budget, overlap=budget // 10, length=len(text))

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed in small batches of texts of like length, which spares the model most of the padding."""
        found = self._onnx.get().embed([self._read(text).tokens for text in texts])
        return check_vectors(found, count=len(texts), dimensions=_DIMENSIONS)

    def embed_query(self, text: str, *, timeout: float | None = None) -> Vector:
        """Embed a query, cut to one chunk; some ten milliseconds."""
        vector: Vector = self.embed([cut_query(self, text)])[0]
        return vector

    def for_workspace(self, workspace_id: UUID) -> LocalProvider:
        """This machine's own model is not charged to anybody."""
        return self

    def close(self) -> None:
        """Unload the model from this process."""
        self._onnx.take()
        self._tokenizer.take()

    def _read_now(self, text: str) -> _Read:
        ids = self._encode(text, add_special_tokens=True).ids
        read = [*ids[: _MOST_TOKENS - 1], *ids[-1:]] if len(ids) > _MOST_TOKENS else ids
        return _Read(len(ids), np.asarray(read, dtype=np.int64))

    def _encode(self, text: str, *, add_special_tokens: bool = False) -> Encoding:
        return self._tokenizer.get().encode(text, add_special_tokens=add_special_tokens)

    def _load_tokenizer(self) -> Tokenizer:
        tokenizer = Tokenizer.from_file(str(self._model_dir / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    def _load_model(self) -> OnnxModel:
        return OnnxModel(self._model_dir / "model.onnx", dimensions=_DIMENSIONS, batch_size=self._batch_size)


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
