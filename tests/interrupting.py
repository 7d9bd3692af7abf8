"""Ctrl-C at a chosen moment of the kit's code."""

from __future__ import annotations

import dis
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import eda_workshop

KIT = str(Path(eda_workshop.__file__).parent)
REPLAY = str(Path(eda_workshop.__file__).parent / "replay")
# After these instructions Python looks whether a signal has come; nowhere else.
MOMENTS = {"RESUME", "CALL", "CALL_FUNCTION_EX", "CALL_KW", "JUMP_BACKWARD"}
NAMES = {code: name for name, code in dis.opmap.items()}


class Interrupter:
    """A trace function that raises KeyboardInterrupt at the n-th moment at which Python could, within these files and folders."""

    def __init__(self, at: int, within: tuple[str, ...]) -> None:
        self.left = at
        self.within = within
        self.last: dict[FrameType, str] = {}

    def __call__(self, frame: FrameType, what: str, _: Any) -> Interrupter | None:
        if not frame.f_code.co_filename.startswith(self.within):
            return None
        frame.f_trace_opcodes = True
        if what == "opcode":
            before = self.last.get(frame, "")
            now = self.last[frame] = NAMES.get(frame.f_code.co_code[frame.f_lasti], "")
            # A call that raised leads to a handler's first instruction; Python does not look for signals then.
            if before in MOMENTS and now != "PUSH_EXC_INFO":
                self.left -= 1
                if self.left < 0:
                    raise KeyboardInterrupt
        return self


def interrupted_at(moment: int, work: Callable[[], Any], *within: str) -> bool:
    """Do the work with an interruption at that moment, within the kit or the files given; whether there was one."""
    before = sys.gettrace()
    # Python 3.12 makes no opcode events unless one frame asked for them before the trace was set.
    sys._getframe().f_trace_opcodes = True
    sys.settrace(Interrupter(moment, within or (KIT,)))
    try:
        work()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(before)
    return False
