"""Orders that come again by themselves: their rhythm, their versions, and each time they are delivered."""
