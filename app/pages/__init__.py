"""The counters: the only code that knows HTTP."""
