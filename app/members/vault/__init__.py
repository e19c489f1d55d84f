"""The evidence vault: each member's papers, checked by staff, renewed before they run out, used in many bids."""
