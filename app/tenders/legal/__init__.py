"""The law in a joint bid: forms, figures, reasons, head counts, who saw which prices, and who left."""
