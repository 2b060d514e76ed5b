"""Which hand-ins have unusual things in common: a list to read from, never a judgement."""
