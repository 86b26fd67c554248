"""What authors wrote: tried, simulated, published."""
