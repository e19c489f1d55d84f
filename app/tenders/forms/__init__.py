"""The buyer's own forms: read, mapped, taken in, and filled in again with what we answer."""
