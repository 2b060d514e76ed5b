"""The lowest layer: frames of plain tokens over a socket."""
