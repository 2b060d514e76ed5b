"""The second floor: plain values to tokens and back, every claim checked on the way in."""
