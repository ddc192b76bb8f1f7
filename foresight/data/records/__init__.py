"""What members did, and evidence on the model; `dictionary.csv` describes every column. No run reads it."""
