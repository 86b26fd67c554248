"""What the product costs, measured beside its limits: `python -m bench`."""
