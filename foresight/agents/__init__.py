"""The same rules, agent by agent, in Mesa; of the engine only `rules`, `draws` and `inputs`."""
