"""What a mail says of its own: its text without quotes, its reports, its traces."""
