"""Numbers only: rules, luck, inputs, and compiled years in blocks of runs. No labels; no files but compiled code."""
