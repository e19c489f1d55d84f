"""Many people, one bid: who does what in it, tasks, comments, what is new, and the talk with the buyer."""
