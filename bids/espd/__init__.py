"""A party's own declarations: the buyer's ESPD request, our own form, sanctions - read, filled, written and printed."""
