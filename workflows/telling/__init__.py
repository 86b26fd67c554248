"""Telling people what an enrollment did and will do, and why: pure, like the deciding."""
