"""Who gets in: lists, triggers, places, turns, starts on their way."""
