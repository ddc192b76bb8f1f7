"""Texts that no native speaker has reviewed yet: a folder a language, in it a file for each wing that speaks."""
