"""The command line, which alone knows typer and rich."""
