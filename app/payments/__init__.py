"""Money that customers pay: by card through Stripe, given back, disputed, and passed on to members."""
