"""The JSON Schemas of authored files, for editors."""
