"""Every text that a person sees: a folder a language, in it a file for each wing that speaks."""
