"""The third layer: mutable values that have a copy on the other side, and the gradients that flow between both."""
