"""Neo4j Community as the launcher runs it: its version, its password, no local files, no leftovers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import neo4j
import pytest

from supastate.errors import ConfigurationError
from supastate.local.neo4j import VERSION, start_neo4j
from supastate.local.service import RunningService, find_free_port

_PASSWORD = "a-password-of-this-test"

pytestmark = pytest.mark.skipif(
    shutil.which("java") is None or shutil.which("mvn") is None, reason="Java or Maven is missing"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    folder = tmp_path_factory.mktemp("neo4j")
    running = start_neo4j(
        data_dir=folder, port=find_free_port(), log_path=folder / "neo4j.log", password=_PASSWORD
    )
    yield running
    running.stop()


def _connect(server: RunningService, password: str = _PASSWORD) -> neo4j.Driver:
    address = server.url.rpartition("@")[2]
    return neo4j.GraphDatabase.driver(f"bolt://{address}", auth=("neo4j", password))


def test_neo4j_is_the_pinned_community_edition(server: RunningService) -> None:
    with _connect(server) as driver:
        records, _, _ = driver.execute_query("CALL dbms.components() YIELD versions, edition RETURN *")
    assert [record.data() for record in records] == [{"versions": [VERSION], "edition": "community"}]


def test_neo4j_refuses_the_default_password(server: RunningService) -> None:
    with _connect(server, "neo4j") as driver, pytest.raises(neo4j.exceptions.AuthError):
        driver.verify_connectivity()


def test_neo4j_does_not_read_local_files(server: RunningService) -> None:
    with (
        _connect(server) as driver,
        pytest.raises(neo4j.exceptions.ClientError, match="allow_csv_import_from_file_urls"),
    ):
        driver.execute_query("LOAD CSV FROM 'file:///etc/hostname' AS line RETURN line")


def test_neo4j_without_java_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigurationError, match=r"Java is missing.*apt install openjdk-17.*GRAPH_URL"):
        start_neo4j(data_dir=tmp_path, port=1, log_path=tmp_path / "neo4j.log", password=_PASSWORD)


def test_neo4j_starts_again_on_its_folder_with_the_same_password_or_another(tmp_path: Path) -> None:
    port = find_free_port()
    for starts, password in enumerate(("first-password", "first-password", "second-password"), start=1):
        running = start_neo4j(data_dir=tmp_path / "data", port=port, log_path=tmp_path / "log", password=password)
        try:
            with _connect(running, password) as driver:
                driver.execute_query("CREATE (:Kept)")
                found = driver.execute_query("MATCH (n:Kept) RETURN count(n) AS kept").records[0]["kept"]
        finally:
            running.stop()
        assert found == starts
