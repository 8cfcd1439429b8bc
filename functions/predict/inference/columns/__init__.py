"""Tables of text scored column by column: what whole columns stand for, and what they come to."""
