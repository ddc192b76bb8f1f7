"""The page of trust: numbers, sentences that they decide, tables, figures."""
