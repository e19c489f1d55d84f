"""Calls for project funding: what a funder asks for, and the budget that we and the parties answer with."""
