"""Looking things up: sources, pages, crawls, the market."""
