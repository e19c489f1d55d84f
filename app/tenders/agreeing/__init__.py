"""What a won bid becomes: the agreement as it would be, for staff to correct and confirm."""
