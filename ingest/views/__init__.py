"""The intake's endpoints: parse, call, render."""
