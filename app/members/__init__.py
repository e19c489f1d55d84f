"""The social enterprises that produce: who they are, their papers, head counts and absences."""
