"""One installation for all faults of a graph store; what one fault ended is started again before the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from supastate.errors import ConfigurationError
from supastate.local.state import open_state
from tests.fakes.openai_server import FakeOpenAIServer
from tests.faults.cluster import Cluster
from tests.faults.files import send_files
from tests.faults.oracle import BESIDE, Client, prove_everything, wait_until_drained
from tests.services import skip_or_fail

GENERATIONS = count(1)


@pytest.fixture(scope="package")
def provider() -> Iterator[FakeOpenAIServer]:
    """The provider of the whole installation."""
    with FakeOpenAIServer() as server:
        yield server


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every fault with FalkorDB as graph store, and those marked so with Neo4j too."""
    if "installation" in metafunc.fixturenames:
        also = [pytest.param("neo4j", marks=pytest.mark.slow_store)]
        stores = ["falkordb", *(also if metafunc.definition.get_closest_marker("on_neo4j") else [])]
        metafunc.parametrize("installation", stores, indirect=True, scope="package")


@pytest.fixture(scope="package")
def installation(
    request: pytest.FixtureRequest,
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
        cluster = Cluster(state, provider.base_url, graph=request.param)
        try:
            cluster.start()
            yield cluster
        except ConfigurationError as exc:
            skip_or_fail(exc.detail)
        finally:
            cluster.stop()


@pytest.fixture
def cluster(installation: Cluster, provider: FakeOpenAIServer) -> Iterator[Cluster]:
    """The installation, whole, with files on their way into the graph; what a fault leaves is proved."""
    make_whole(installation, provider)
    send_files(installation, BESIDE, generation=next(GENERATIONS))
    yield installation
    make_whole(installation, provider)
    prove_everything(installation)


def make_whole(installation: Cluster, provider: FakeOpenAIServer) -> None:
    """Mend everything and let it drain."""
    provider.behave()
    installation.ensure_running()
    wait_until_drained(installation)


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
