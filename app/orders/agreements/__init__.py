"""Framework agreements that we have won: what is called off under a ceiling, index, options, statistics."""
