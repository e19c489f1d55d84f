"""What of a bid is to be kept secret: marked with its harm, asked for on paper, and hidden in a copy."""
