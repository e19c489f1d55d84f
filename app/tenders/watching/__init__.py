"""What we look for among tenders, and how well each fits what members can do."""
