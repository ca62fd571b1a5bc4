"""The labelled sessions: scenarios as they are written (YAML), and as transcripts of Claude Code."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
PARTS = ("tuned", "held_out")
STEP = timedelta(minutes=1)
UNITS = {"m": 60, "h": 3_600}


@dataclass(frozen=True, slots=True)
class Written:
    """One session: its steps are what was said and done, a minute apart."""

    key: str
    author: str
    begins: datetime
    steps: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """A pattern that stands in a scenario: what of it is known, and the sessions that show it."""

    subtype: str
    about: Mapping[str, str]
    sessions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scenario:
    """Sessions of one project, and every pattern that is in them."""

    name: str
    part: str
    sessions: tuple[Written, ...]
    expected: tuple[Expected, ...]

    @property
    def folder(self) -> str:
        """Where the project lies on the authors' machines."""
        return f"/home/dev/{self.name}"


def read_scenarios() -> list[Scenario]:
    """Return all scenarios of both parts."""
    return [
        _read_scenario(raw, part)
        for part in PARTS
        for raw in yaml.safe_load((FOLDER / f"{part}.yaml").read_text())
    ]


def write_transcript(session: Written, folder: str) -> str:
    """Return a session as JSON lines."""
    lines = []
    moment = session.begins
    for number, step in enumerate(session.steps):
        if "wait" in step:
            moment += timedelta(seconds=int(step["wait"][:-1]) * UNITS[step["wait"][-1]])
            continue
        for line in _tell(step, f"{session.key}-{number}", folder):
            moment += STEP / 2
            lines.append(
                {
                    "uuid": _name_line(f"{session.key}/{len(lines)}"),
                    "sessionId": session.key,
                    "timestamp": moment.isoformat(),
                    "cwd": folder,
                    **line,
                }
            )
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _read_scenario(raw: Mapping[str, Any], part: str) -> Scenario:
    return Scenario(
        name=raw["scenario"],
        part=part,
        sessions=tuple(
            Written(item["key"], item["author"], _read_time(item["begins"]), tuple(item["steps"]))
            for item in raw["sessions"]
        ),
        expected=tuple(
            Expected(item["subtype"], item.get("about", {}), frozenset(item["sessions"]))
            for item in raw.get("expect", ())
        ),
    )


def _read_time(value: object) -> datetime:
    return datetime.fromisoformat(str(value)).replace(tzinfo=UTC)


def _tell(step: Mapping[str, Any], call_id: str, folder: str) -> Iterator[dict[str, Any]]:
    """Yield the one or two lines of a step: a call is followed by its result."""
    for speaker, kind in (("user", "user"), ("bot", "assistant")):
        if speaker in step:
            yield {"type": kind, "message": {"role": kind, "content": step[speaker]}}
            return
    name, tool_input = _read_call(step, folder)
    call = {"type": "tool_use", "id": call_id, "name": name, "input": tool_input}
    yield {"type": "assistant", "message": {"role": "assistant", "content": [call]}}
    failed = "fails" in step or step.get("refused", False)
    words = f"Exit code 1\n{step['fails']}" if "fails" in step else step.get("prints", "ok")
    if re.match("The user doesn't want", step.get("fails", "")) or step.get("refused"):
        words = "The user doesn't want to proceed with this tool use."
    result = {"type": "tool_result", "tool_use_id": call_id, "content": words, "is_error": failed}
    kept = {"stdout": words, "stderr": ""} if name == "Bash" and not failed else {}
    yield {"type": "user", "message": {"role": "user", "content": [result]}, "toolUseResult": kept}


def _read_call(step: Mapping[str, Any], folder: str) -> tuple[str, dict[str, str]]:
    if "run" in step:
        return "Bash", {"command": step["run"]}
    if "read" in step:
        return "Read", {"file_path": f"{folder}/{step['read']}"}
    if "grep" in step:
        return "Grep", {"pattern": step["grep"], "path": f"{folder}/{step.get('path', '')}"}
    if "fetch" in step:
        return "WebFetch", {"url": step["fetch"], "prompt": "What does it say?"}
    if "write" in step:
        return "Write", {"file_path": f"{folder}/{step['write']}", "content": step["content"]}
    edit = {"old_string": step["old"], "new_string": step["new"]}
    return "Edit", {"file_path": f"{folder}/{step['edit']}", **edit}


def _name_line(text: str) -> str:
    digits = hashlib.sha256(text.encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"
