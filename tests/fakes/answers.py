"""The bodies with which the fake OpenAI server answers."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np

from tests.fakes.behaviours import (
    Behaviour,
    NotANumber,
    PlainNumbers,
    Say,
    Shuffle,
    WrongCount,
    WrongDimension,
    Zeros,
)
from tests.fakes.fake_vectors import make_vector

_DEFAULT_DIMENSIONS = 1536
_BYTES_PER_TOKEN = 4


def list_inputs(request: dict[str, Any]) -> list[str]:
    """Return the texts that a request brings, for embeddings or a chat."""
    if "messages" in request:
        return [message["content"] for message in request["messages"]]
    inputs = request.get("input", [])
    return [inputs] if isinstance(inputs, str) else list(inputs)


def answer(request: dict[str, Any], behaviour: Behaviour) -> dict[str, Any]:
    """Return the response body of the real API, spoilt as `behaviour` says."""
    return _answer_chat(request, behaviour) if "messages" in request else _answer_embeddings(request, behaviour)


def _answer_chat(request: dict[str, Any], behaviour: Behaviour) -> dict[str, Any]:
    """Say what is to be said, else what is asked for: an order, the last candidate first, or a summary."""
    content = behaviour.content if isinstance(behaviour, Say) else _do(request["messages"][-1]["content"])
    finish = "length" if isinstance(behaviour, Say) and behaviour.is_cut else "stop"
    tokens = sum(len(text) for text in list_inputs(request)) // _BYTES_PER_TOKEN
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": request["model"],
        "choices": [
            {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": content}},
        ],
        "usage": {"prompt_tokens": tokens, "completion_tokens": 9, "total_tokens": tokens + 9},
    }


def _do(asked: str) -> str:
    given = json.loads(asked)
    if "candidates" in given:
        return json.dumps({"order": [item["number"] for item in reversed(given["candidates"])]})
    texts = " / ".join(passage["text"][:40] for passage in given["passages"][:3])
    return json.dumps({"summary": f"{len(given['passages'])} passages: {texts}"})


def _answer_embeddings(request: dict[str, Any], behaviour: Behaviour) -> dict[str, Any]:
    inputs = list_inputs(request)
    dimensions = int(request.get("dimensions") or _DEFAULT_DIMENSIONS)
    if isinstance(behaviour, WrongDimension):
        dimensions += 1
    vectors = [make_vector(text, dimensions) for text in inputs]
    if isinstance(behaviour, NotANumber):
        vectors[0][0] = behaviour.value
    if isinstance(behaviour, Zeros):
        vectors = [vector * 0 for vector in vectors]
    asked = request.get("encoding_format", "float")
    encoding = "float" if isinstance(behaviour, PlainNumbers) else asked
    data = [
        {"object": "embedding", "index": index, "embedding": _encode(vector, encoding)}
        for index, vector in enumerate(vectors)
    ]
    if isinstance(behaviour, WrongCount):
        data = data[:-1]
    if isinstance(behaviour, Shuffle):
        data.reverse()
    tokens = sum(len(text.encode()) // _BYTES_PER_TOKEN + 1 for text in inputs)
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "data": data, "model": request.get("model"), "usage": usage}


def _encode(vector: np.ndarray[Any, np.dtype[np.float32]], encoding: str) -> str | list[float]:
    if encoding == "base64":
        return base64.b64encode(vector.astype("<f4").tobytes()).decode()
    return [float(number) for number in vector]
