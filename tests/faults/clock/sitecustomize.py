"""A wrong wall clock for one Python process: on PYTHONPATH, with CLOCK_AHEAD_SECONDS in the environment.

`time.monotonic` stays right, as it does when a machine's clock is wrong.
"""

from __future__ import annotations

import datetime as dt
import os
import time as time_module
from typing import Any

_AHEAD = float(os.environ["CLOCK_AHEAD_SECONDS"])
_time, _time_ns = time_module.time, time_module.time_ns
_datetime = dt.datetime


class _AnyDatetime(type):
    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, _datetime)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, _datetime)


class _Shifted(_datetime, metaclass=_AnyDatetime):
    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        return _datetime(*args, **kwargs)

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Any:
        return _datetime.fromtimestamp(time_module.time(), tz)

    @classmethod
    def today(cls) -> Any:
        return cls.now()

    @classmethod
    def utcnow(cls) -> Any:
        return cls.now(dt.UTC).replace(tzinfo=None)


time_module.time = lambda: _time() + _AHEAD
time_module.time_ns = lambda: _time_ns() + int(_AHEAD * 1e9)
dt.datetime = _Shifted  # type: ignore[misc]
