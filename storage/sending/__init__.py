"""The ledger of mails: claims, what came of them, caps, tests of arms."""
