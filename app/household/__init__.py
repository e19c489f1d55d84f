"""Household work: what gives private people a tax deduction (RUT and ROT), who asks for it, and what is taken off."""
