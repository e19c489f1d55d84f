"""The answer library: what we say again and again, in versions, found by likeness to what a buyer asks."""
