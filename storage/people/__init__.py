"""Contacts: their addresses, names, attributes and records, and whom not to mail."""
