"""Users, their roles, and which organisations they act for."""
