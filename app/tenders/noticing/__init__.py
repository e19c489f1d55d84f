"""Notices as they come in: new tenders, corrections and results, one file or many."""
