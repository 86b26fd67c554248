"""Explaining an enrollment, or why there is none, from its workflow and from the record."""
