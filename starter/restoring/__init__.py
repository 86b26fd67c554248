"""Restored from a backup: noticed, and PostgreSQL and Temporal reconciled with one another."""
