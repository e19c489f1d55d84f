"""How goods reach the customer: ways, parcels, carriage, proof, nobody at home, and what comes back."""
