"""The whole stack on this machine: deployed on MiniStack, asked over HTTP, and checked."""
