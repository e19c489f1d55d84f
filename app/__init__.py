"""Samsälj, room by room: pages show, stories order the steps, domains hold what is true, jobs do the rest later.

A module imports from the rooms below its own, never up and never sideways; ``make check`` holds the walls.
"""
