"""Load that is held: many who wake at once, and a storm of webhooks."""
