"""One installation for all faults; what one fault ended is started again before the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from supastate.local.state import open_state
from tests.fakes.behaviours import Succeed
from tests.fakes.openai_server import FakeOpenAIServer
from tests.faults.cluster import Cluster
from tests.faults.oracle import Client, wait_until_drained


@pytest.fixture(scope="package")
def provider() -> Iterator[FakeOpenAIServer]:
    """The provider of the whole installation."""
    with FakeOpenAIServer() as server:
        yield server


@pytest.fixture(scope="package")
def installation(
    tmp_path_factory: pytest.TempPathFactory,
    provider: FakeOpenAIServer,
    redis_url: str,
    falkordb_url: str,
) -> Iterator[Cluster]:
    """Every service and process. `redis_url` and `falkordb_url` skip what this machine cannot run."""
    folder = tmp_path_factory.mktemp("faults")
    for parent in (folder, *list(folder.parents)[:2]):
        parent.chmod(0o711)  # under root, Postgres runs as another user
    with open_state(folder) as state:
        cluster = Cluster(state, provider.base_url)
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()


@pytest.fixture
def cluster(installation: Cluster, provider: FakeOpenAIServer) -> Cluster:
    """The installation, whole and idle."""
    provider.always(Succeed())
    provider.reject_inputs_with()
    installation.ensure_running()
    wait_until_drained(installation)
    return installation


@pytest.fixture
def client(cluster: Cluster, request: pytest.FixtureRequest) -> Client:
    """A client with a session of its own."""
    return Client(cluster, session=request.node.name)


@pytest.fixture
def tell(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Callable[..., None]:
    """Print a fault's figures, whatever pytest captures."""

    def print_figures(**figures: object) -> None:
        with capsys.disabled():
            print(f"\n{request.node.name}: " + ", ".join(f"{name}={value}" for name, value in figures.items()))

    return print_figures
