"""What enrolls people by itself (rule 31): seen with what causes it, laid out as starts."""
