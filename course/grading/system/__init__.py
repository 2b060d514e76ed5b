"""What the operating system says and does: process trees, memory, GPUs, signals."""
