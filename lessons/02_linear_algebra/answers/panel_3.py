# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% wrong="eigen_powers: complex numbers come back; breaks: only the real part is returned, seen with any matrix: torch.linalg.eig is complex even where every eigenvalue is real"
def eigenvalues_2x2(a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The larger and the smaller eigenvalue of a (2, 2) matrix whose eigenvalues are real and not the same."""
    mean = (a[0, 0] + a[1, 1]) / 2
    product = a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]
    spread = (mean**2 - product).sqrt()
    return mean + spread, mean - spread


def power(a: torch.Tensor, k: int) -> torch.Tensor:
    """The k-th power of a matrix (n, n) with n independent eigenvectors."""
    values, vectors = torch.linalg.eig(a)
    return vectors @ torch.diag(values**k) @ torch.linalg.inv(vectors)
