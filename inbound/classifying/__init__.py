"""What kind of mail came back: one pure reading of all that a mail tells about itself."""
