"""The SendGrid emulator: SendGrid and the recipients, played by one program."""
