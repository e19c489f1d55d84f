"""Each party's own declarations: what the buyer asks, what is known, what the party says, and the papers of it."""
