"""Words of many languages: how they are cut, what is known of them, where they are met."""
