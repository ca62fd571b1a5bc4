"""Neo4j Community without Docker: its jars from Maven, a few lines of Java to run them, Bolt on loopback."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from supastate.errors import ConfigurationError
from supastate.local.cache import build_folder, find_cache_home, holds_exactly, verify_hashes
from supastate.local.service import (
    LOOPBACK,
    RunningService,
    require_free_port,
    require_room,
    start_service,
)

VERSION = "5.26.25"
HEAP = "512m"
_SOURCES = Path(__file__).with_name("neo4j")
_JDK_REMEDY = (
    "install a JDK of version 17 or 21 (Debian: `apt install openjdk-17-jdk-headless maven`), "
    "or set GRAPH_URL to a Neo4j that runs already, or use FalkorDB"
)
_OPENED_PACKAGES = ("java.nio", "java.io", "sun.nio.ch")


def start_neo4j(*, data_dir: Path, port: int, log_path: Path, password: str) -> RunningService:
    """Start Neo4j on 127.0.0.1:`port` with this password of its user neo4j; about 7 s.

    Fetches the jars first when the cache lacks them (120 MB).
    """
    require_room(data_dir)
    java = _find_java()
    jars = ensure_jars()
    require_free_port(port, name="Neo4j", remedy="stop what listens there, choose another port or set GRAPH_URL")
    ready_file = data_dir.resolve() / "ready"
    ready_file.unlink(missing_ok=True)
    return start_service(
        name="Neo4j",
        url=f"bolt://neo4j:{password}@{LOOPBACK}:{port}",
        command=[
            *(java, f"-Xmx{HEAP}", "-XX:+UseSerialGC", "-cp", f"{jars}/*"),
            *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED_PACKAGES),
            *(_SOURCES / "Neo4jServer.java", data_dir.resolve(), str(port), ready_file),
        ],
        is_healthy=ready_file.exists,
        log_path=log_path,
        working_directory=data_dir,
        environment={"NEO4J_PASSWORD": password},
        timeout=120,
    )


def ensure_jars() -> Path:
    """The cached folder of Neo4j's jars; missing ones are fetched by Maven and checked by `jars.sha256`."""
    hashes = _read_manifest()
    folder = find_cache_home() / f"neo4j-{VERSION}"
    if not holds_exactly(folder, hashes):
        with build_folder(folder) as staging:
            _fetch_jars(staging)
            verify_hashes(staging, hashes)
    return folder


def _read_manifest() -> dict[str, str]:
    lines = (_SOURCES / "jars.sha256").read_text().splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


def _fetch_jars(folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise ConfigurationError(
            "Maven is missing and fetches Neo4j: install it (Debian: `apt install maven`), "
            "or set GRAPH_URL to a Neo4j that runs already, or use FalkorDB."
        )
    fetched = subprocess.run(  # noqa: S603
        [
            *(maven, "-q", "-B", "-f", _SOURCES / "pom.xml", "dependency:copy-dependencies"),
            *("-DincludeScope=runtime", f"-Dneo4j.version={VERSION}", f"-DoutputDirectory={folder}"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if fetched.returncode != 0:
        raise ConfigurationError(f"Maven could not fetch Neo4j {VERSION}:\n{fetched.stdout[-2000:]}")


def _find_java() -> str:
    java = shutil.which("java")
    if java is None:
        raise ConfigurationError(f"Java is missing and runs Neo4j: {_JDK_REMEDY}.")
    listed = subprocess.run(  # noqa: S603
        [java, "--list-modules"], capture_output=True, text=True, check=False
    ).stdout
    version = re.search(r"^java\.base@(\d+)", listed, re.MULTILINE)
    if version is None or int(version[1]) < 17:
        raise ConfigurationError(f"This Java is older than 17: {_JDK_REMEDY}.")
    if "jdk.compiler" not in listed:
        raise ConfigurationError(f"This Java is a runtime without a compiler: {_JDK_REMEDY}.")
    return java
