"""How each platform names and packs what its students hand in: a module a platform, each with `share` and `handed`."""
