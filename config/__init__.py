"""Settings, paths, phrases and the words of prompts: what everything else reads and nothing else writes."""
