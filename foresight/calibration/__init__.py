"""From records to a fit, from a fit to forecasts and their scores."""
