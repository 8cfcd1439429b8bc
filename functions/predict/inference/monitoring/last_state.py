"""What the monitor found last, looked up when somebody asks GET /model for it."""

from inference.live.side_object import SideObject
from inference.monitoring.state import read_state, tell_version


class LastState(SideObject):
    """The monitor's last state, as it was last found."""

    read = staticmethod(read_state)
    deadline_s = 1.0  # who asks then gets what was known before

    def tell(self, version: str) -> dict | None:
        """Return what the last window says of a model; None where there is none to be read."""
        state = self.peek(self.deadline_s)
        return tell_version(state, version) if state else None
