"""Facts, each with unit, source and date; `dictionary.csv` describes every column."""
