"""What is downloaded once a machine: kept outside the tree, checked by hash, put in place in one step."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from supastate.errors import ConfigurationError
from supastate.local.service import require_room


def find_cache_home() -> Path:
    """Supastate's own folder in the user's cache folder."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "supastate"


@contextmanager
def build_folder(target: Path) -> Iterator[Path]:
    """Yield an empty folder that becomes `target` when the block ends well, and vanishes when it does not.

    Two processes may build the same target at once: the later one's equal copy is dropped.
    """
    require_room(target.parent)
    staging = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    staging.chmod(0o755)
    try:
        yield staging
        _put_in_place(staging, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def verify_hashes(folder: Path, hashes: Mapping[str, str]) -> None:
    """Refuse the folder unless it holds exactly these files, each with its SHA-256."""
    if not holds_exactly(folder, hashes):
        raise ConfigurationError(f"The download in {folder} is incomplete: run the command again.")
    for name, expected in hashes.items():
        with (folder / name).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != expected:
            raise ConfigurationError(f"{name} is not the file that was pinned (SHA-256 {found}): do not use it.")


def holds_exactly(folder: Path, hashes: Mapping[str, str]) -> bool:
    """Whether the folder holds these files and no other."""
    return folder.is_dir() and {path.name for path in folder.iterdir()} == set(hashes)


def _put_in_place(staging: Path, target: Path) -> None:
    try:
        staging.rename(target)
    except OSError:
        shutil.rmtree(target)
        staging.rename(target)
