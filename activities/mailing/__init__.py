"""Sending a mail at most once: claimed, handed to SendGrid, its outcome recorded."""
