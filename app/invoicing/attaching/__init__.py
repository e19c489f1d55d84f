"""Files that go with the invoice of an order, such as a time sheet: looked through, kept, taken along."""
