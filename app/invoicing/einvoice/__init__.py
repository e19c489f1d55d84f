"""E-invoices: checked before they leave, held back with a reason where they are not right."""
