"""The embedded stack: Temporal, PostgreSQL and a SendGrid emulator, without Docker."""
