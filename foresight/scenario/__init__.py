"""One future: schema, layers, checks, and its translation into inputs."""
