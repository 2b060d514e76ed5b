"""The lowest floor: frames of plain tokens over a socket."""
