"""The demonstration company: fictional members, buyers and tenders, as data anybody can read and change."""
