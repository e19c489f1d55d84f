"""The day on paper: day list, packing lists, route list, delivery notes and labels."""
