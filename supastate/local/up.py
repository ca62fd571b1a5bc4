"""`make up` and `make demo`: services, schema, processes, the main job; and the way back down in good order."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import httpx2
from rich.console import Console

from supastate.errors import ConfigurationError
from supastate.local.demo import run_main_job
from supastate.local.manage import keep_settings
from supastate.local.preparation import ensure_workspace, migrate
from supastate.local.processes import DRAIN_SECONDS
from supastate.local.service import LOOPBACK, RunningService, read_last_lines, require_free_port, start_service
from supastate.local.services import start_services
from supastate.local.state import LocalState, open_state, read_port

ROOT = Path(__file__).parents[2]
_PORTS = {
    "SUPASTATE_PORT": ("the web process", "8000"),
    "LIVE_PORT": ("the live process", "8010"),
    "FLOWER_PORT": ("Flower", "5555"),
}
_FLOWER_USER = "supastate"


@dataclass(frozen=True)
class Installation:
    """Everything runs: the process manager with the web process's URL, and what the settings read."""

    processes: RunningService
    environment: Mapping[str, str] = field(repr=False)


def run(folder: Path, *, graph: str, stay: bool, console: Console) -> int:
    """Bring everything up under `folder`, do the main job, stay until Ctrl-C or stop; returns the exit status.

    Staying, the status is 0 whatever the answers were; otherwise it is 0 only if each of them was right.
    """
    _go_down_on_signals(console)
    with open_state(folder.resolve()) as state, ExitStack() as stack:
        try:
            all_right = _bring_up(state, stack, graph=graph, stay=stay, console=console)
        finally:
            _ignore_signals()  # the way down has an end, and half of it would leave servers behind
    return 0 if all_right or stay else 1


def _bring_up(state: LocalState, stack: ExitStack, *, graph: str, stay: bool, console: Console) -> bool:
    began = time.monotonic()
    processes = start_installation(state, stack, graph=graph, console=console).processes
    console.print(f"Ready in {time.monotonic() - began:.1f} s: {processes.url}", highlight=False)
    all_right = _do_main_job(state, processes.url, console)
    if stay:
        _print_addresses(state, processes.url, console)
        _wait_for_end(processes)
    return all_right


def start_installation(state: LocalState, stack: ExitStack, *, graph: str, console: Console) -> Installation:
    """Start services and processes, which stop when `stack` closes; the API's key is kept in `state`."""
    ports = _choose_ports()
    with console.status("Starting Postgres, Redis, the graph and the model"):
        services = start_services(state, stack, graph=graph)
    settings = services | ports | _make_settings(state, ports)
    keep_settings(state.folder, settings)
    environment = os.environ | settings
    with console.status("Migrating"):
        migrate(ROOT, state, environment)
        is_new = ensure_workspace(ROOT, state, environment)
    if is_new:
        _print_secrets(state, console)
    with console.status("Starting web, live, dispatcher, worker, beat and Flower"):
        return Installation(_start_processes(state, stack, environment), environment)


def _choose_ports() -> dict[str, str]:
    ports = {}
    for variable, (name, default) in _PORTS.items():
        port = read_port(variable, os.environ.get(variable) or default)
        remedy = f"stop what listens there, or choose another: {variable}={port + 1} make up"
        require_free_port(port, name=name, remedy=remedy)
        ports[variable] = str(port)
    return ports


def _make_settings(state: LocalState, ports: Mapping[str, str]) -> dict[str, str]:
    return {
        "SUPASTATE_ENVIRONMENT": "local",
        "SUPASTATE_SECRET_KEY": state.ensure_secret("SUPASTATE_SECRET_KEY"),
        "LIVE_URL": f"http://{LOOPBACK}:{ports['LIVE_PORT']}",
        "FLOWER_URL": f"http://{LOOPBACK}:{ports['FLOWER_PORT']}/",
        "FLOWER_BASIC_AUTH": f"{_FLOWER_USER}:{state.ensure_secret('FLOWER_PASSWORD')}",
        "REMAP_SIGTERM": "SIGQUIT",  # Celery: SIGTERM begins the soft shutdown, which has an end
        "PYTHONUNBUFFERED": "1",
    }


def _start_processes(state: LocalState, stack: ExitStack, environment: Mapping[str, str]) -> RunningService:
    url = f"http://{LOOPBACK}:{environment['SUPASTATE_PORT']}"
    logs = state.folder / "log"
    service = start_service(
        name="Supastate",
        url=url,
        command=[sys.executable, "-m", "supastate.local.processes", logs],
        is_healthy=lambda: _is_ready(url) and _is_alive(environment["LIVE_URL"]),
        log_path=state.find_log("processes"),
        working_directory=ROOT,
        environment=dict(environment),
        timeout=90,
    )
    stack.callback(service.stop, timeout=DRAIN_SECONDS + 15)
    state.keep({"SUPASTATE_URL": url})
    return service


def _is_ready(url: str) -> bool:
    """Ready, or only behind with what an earlier run left in the queue: the main job waits for that."""
    try:
        answer = httpx2.get(f"{url}/api/health/ready", timeout=10, trust_env=False)
    except httpx2.TransportError:
        return False
    if answer.status_code == 503:
        return all(state == "ok" for name, state in answer.json()["checks"].items() if name != "queue")
    return answer.status_code == 200


def _is_alive(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/api/health/live", timeout=10, trust_env=False).status_code == 200
    except httpx2.TransportError:
        return False


def _do_main_job(state: LocalState, url: str, console: Console) -> bool:
    key = state.get("SUPASTATE_API_KEY")
    headers = {"Authorization": f"Bearer {key}"}
    with httpx2.Client(base_url=url, headers=headers, timeout=60, trust_env=False) as api:
        try:
            all_right = run_main_job(api, root=ROOT, console=console)
        except (ConfigurationError, httpx2.TransportError) as exc:
            console.print(f"[red]{exc}[/red]", highlight=False)
            all_right = False
    if not all_right:
        _print_logs(state, console)
    return all_right


def _print_logs(state: LocalState, console: Console) -> None:
    for name in ("web", "dispatcher", "worker"):
        path = state.find_log(name)
        text = f"{path} ends with:\n{read_last_lines(path)}"
        console.print(text, markup=False, highlight=False, soft_wrap=True)


def _print_secrets(state: LocalState, console: Console) -> None:
    console.print(
        f"API key: {state.get('SUPASTATE_API_KEY')}\n"
        f"Studio:  {state.get('SUPASTATE_STUDIO_USER')} / {state.get('SUPASTATE_STUDIO_PASSWORD')}\n"
        f"Printed this once; kept in {state.env_file}.",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


def _print_addresses(state: LocalState, url: str, console: Console) -> None:
    flower = os.environ.get("FLOWER_PORT") or _PORTS["FLOWER_PORT"][1]
    console.print(
        f"Studio    {url}/studio/\n"
        f"API docs  {url}/api/docs/\n"
        f"Flower    http://{LOOPBACK}:{flower}/ (user {_FLOWER_USER}, FLOWER_PASSWORD in {state.env_file})\n"
        "Ctrl-C stops everything.",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


def _wait_for_end(processes: RunningService) -> None:
    status = processes.process.wait()
    last = read_last_lines(processes.log_path)
    raise ConfigurationError(f"Supastate's processes ended with status {status}:\n{last}")


def _go_down_on_signals(console: Console) -> None:
    """Turn Ctrl-C and SIGTERM into the way down."""

    def go_down(_number: int, _frame: FrameType | None) -> None:
        _ignore_signals()
        console.print(f"Stopping: workers finish what they are doing, for {DRAIN_SECONDS} s at most.")
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, go_down)
    signal.signal(signal.SIGTERM, go_down)


def _ignore_signals() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
