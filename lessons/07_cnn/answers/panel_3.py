# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% wrong="pipelines: only square parts; breaks: in the proportions that the transform chooses by itself, seen in the shapes of the parts"
def pipelines(side: int, mean: list[float], std: list[float]):
    half_or_more = (0.5, 1.0)
    crop = transforms.RandomResizedCrop(side, scale=half_or_more, ratio=(1.0, 1.0))
    flip = transforms.RandomHorizontalFlip()
    resize = transforms.Resize((side, side))
    tensor = transforms.ToTensor()
    normal = transforms.Normalize(mean, std)
    train = transforms.Compose([crop, flip, tensor, normal])
    valid = transforms.Compose([resize, tensor, normal])
    return train, valid
