"""HTTP: what SendGrid, recipients and the app tell us."""
