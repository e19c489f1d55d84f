"""How issued invoices reach their receivers, and what receivers answer."""
