"""What a mail is made of: addresses, sender, thread, attachments, headers."""
