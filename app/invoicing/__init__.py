"""Invoices as frozen documents in a number series without gaps."""
