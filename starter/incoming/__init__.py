"""What comes in, of contacts and from services: on record once, then acted on."""
