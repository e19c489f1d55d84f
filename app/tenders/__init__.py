"""Tenders and bids as rows; the documents are made in bids/."""
