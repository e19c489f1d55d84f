"""What members have earned, with the VAT that they charge us, and what of it has been passed on."""
