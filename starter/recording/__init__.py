"""Records of contacts, as an app keeps them per order or contract, brought in from files."""
