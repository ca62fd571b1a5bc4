"""The embedding model is assembled once, checked by hash, and tells what texts mean."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fastembed import TextEmbedding

from supastate.errors import ConfigurationError
from supastate.local import cache, model

_NAME = "sentence-transformers/all-MiniLM-L6-v2"


def test_assembled_model_puts_like_meanings_close_together() -> None:
    embedder = TextEmbedding(_NAME, specific_model_path=str(model.ensure_model()), threads=1)
    cat, kitten, invoice = embedder.embed(
        ["The cat sleeps on the sofa.", "A kitten is napping on the couch.", "The invoice was paid in March."]
    )
    assert cat.shape == (384,)
    assert np.linalg.norm(cat) == pytest.approx(1.0, abs=1e-5)
    assert cat @ kitten > 0.5 > 0.3 > cat @ invoice


def test_model_is_assembled_once(tmp_path: Path) -> None:
    first = model.ensure_model(tmp_path)
    written = {path.name: path.stat().st_mtime_ns for path in first.iterdir()}
    assert model.ensure_model(tmp_path) == first
    assert {path.name: path.stat().st_mtime_ns for path in first.iterdir()} == written
    assert [path.name for path in tmp_path.iterdir()] == [first.name]


def test_model_with_a_missing_file_is_assembled_again(tmp_path: Path) -> None:
    folder = tmp_path / "all-MiniLM-L6-v2"
    folder.mkdir()
    (folder / "model.onnx").write_bytes(b"half a download")
    assert model.ensure_model(tmp_path) == folder
    assert (folder / "model.onnx").stat().st_size == 22_928_619


def test_a_file_that_is_not_the_pinned_one_never_reaches_the_cache(tmp_path: Path) -> None:
    target = tmp_path / "model"
    with pytest.raises(ConfigurationError, match="is not the file that was pinned"):
        _build_with_other_content(target)
    assert list(tmp_path.iterdir()) == []


def _build_with_other_content(target: Path) -> None:
    with cache.build_folder(target) as staging:
        (staging / "config.json").write_text("{}")
        cache.verify_hashes(staging, {"config.json": "0" * 64})
