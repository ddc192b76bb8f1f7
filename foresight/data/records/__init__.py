"""Records of what members did, and evidence on the model; `dictionary.csv` describes every column. No run reads them."""
