"""Tables of any size: scored on this machine, or by the stack's state machine."""
