"""Spreadsheets in and out: cells that know their addresses, read by a process of its own, written as streams."""
