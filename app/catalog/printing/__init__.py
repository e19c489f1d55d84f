"""The catalogue on paper: what is gathered for it, how it is set, and who is given it."""
