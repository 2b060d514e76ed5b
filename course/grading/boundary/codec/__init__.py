"""The second layer: plain values to tokens and back, every claim checked on the way in."""
