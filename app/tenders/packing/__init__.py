"""What is uploaded in the buyer's system: the package of a version, and the receipt that locks the bid."""
