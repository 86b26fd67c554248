"""The typed API over Temporal and PostgreSQL: publish, import, enroll, signal, operate, explain."""
