"""Private people, companies and public bodies that buy, with their sites and references."""
