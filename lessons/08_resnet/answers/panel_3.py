# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% wrong="block_group: the stride is used only where channels change; breaks: 'the first goes from in to out with the stride', seen with in=out=64 and first_stride=2"
def block_group(block, n_blocks: int, in_channels: int, out_channels: int, first_stride: int) -> nn.Sequential:
    blocks = [block(in_channels, out_channels, first_stride if in_channels != out_channels else 1)]
    for _ in range(n_blocks - 1):
        blocks.append(block(out_channels, out_channels, 1))
    return nn.Sequential(*blocks)
