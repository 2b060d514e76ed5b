# Answers to the exercises of 3_surprise.py, right and wrong: what `course audit` grades. No student sees them.

# %% [markdown] explains="information"
# The mask keeps the outcomes that can come, so the `nan` of $0 \cdot \log 0$ never arises. What is *not* masked is
# $q_k = 0$: there the logarithm is $-\infty$, and the sum becomes infinite, as it should.
#
# The entropy is the cross-entropy of somebody who believes the truth, and the divergence is the difference of the
# two. Computed so, $D$ of two equal laws is exactly 0. The sum over $p_k \log(p_k / q_k)$ is as good.


# %% [markdown] explains="perplexities"
# All places of all sequences are rows of one long table, so the first two axes are flattened into one, and the
# targets likewise. What is averaged is the loss per token. Taking the exponential *before* averaging would give
# another number: by Jensen's inequality a larger one.
#
# One bit is $\log 2 = 0.693$ nats, so there are more bits than nats: divide by it.


# %% [markdown] explains="mutual"
# Mutual information is the divergence of the joint law from the product of its margins: what it costs to believe that
# $X$ and $Y$ are independent. An entry of the product can be 0 only if its whole row or column is; then the joint
# entry is 0 too and is left out by the mask.
#
# Within row $x$ the law of $Y$ is $P(x, y) / P(x)$. Its entropy, weighted with $P(x)$, is
# $-\sum_y P(x, y) \log\frac{P(x, y)}{P(x)}$: the weights cancel the denominator outside the logarithm. Summing over
# all entries gives the average over the rows.


# %% right="information: xlogy"
def entropy(p):
    return -torch.xlogy(p, p).sum()


def cross_entropy(p, q):
    return -torch.xlogy(p, q).sum()


def kl(p, q):
    return torch.xlogy(p, p).sum() - torch.xlogy(p, q).sum()


# %% right="information: where, and a sum of ratios"
def entropy(p):
    return torch.where(p > 0, -p * torch.where(p > 0, p, 1.0).log(), torch.zeros_like(p)).sum()


def cross_entropy(p, q):
    return torch.where(p > 0, -p * q.log(), torch.zeros_like(p)).sum()


def kl(p, q):
    keep = p.nonzero().flatten()
    return (p[keep] * (p[keep] / q[keep]).log()).sum()


# %% right="information: plain Python"
def cross_entropy(p, q):
    total = 0.0
    for a, b in zip(p.tolist(), q.tolist()):
        if a > 0:
            total += -a * math.log(b) if b > 0 else math.inf
    return total


def entropy(p):
    return cross_entropy(p, p)


def kl(p, q):
    return cross_entropy(p, q) - cross_entropy(p, p)


# %% wrong="information: nan where a probability is 0"
def entropy(p):
    return -(p * p.log()).sum()


def cross_entropy(p, q):
    return -(p * q.log()).sum()


def kl(p, q):
    return (p * (p / q).log()).sum()


# %% wrong="information: a small number against the zeros"
def entropy(p):
    return -(p * (p + 1e-9).log()).sum()


def cross_entropy(p, q):
    return -(p * (q + 1e-9).log()).sum()


def kl(p, q):
    return cross_entropy(p, q) - entropy(p)


# %% wrong="information: in bits"
def entropy(p):
    return -(p[p > 0] * p[p > 0].log2()).sum()


def cross_entropy(p, q):
    return -(p[p > 0] * q[p > 0].log2()).sum()


def kl(p, q):
    return cross_entropy(p, q) - entropy(p)


# %% wrong="information: the divergence the other way round"
def entropy(p):
    return -(p[p > 0] * p[p > 0].log()).sum()


def cross_entropy(p, q):
    return -(p[p > 0] * q[p > 0].log()).sum()


def kl(p, q):
    return cross_entropy(q, p) - entropy(q)


# %% wrong="information: impossible outcomes of q left out"
def entropy(p):
    return -(p[p > 0] * p[p > 0].log()).sum()


def cross_entropy(p, q):
    both = (p > 0) & (q > 0)
    return -(p[both] * q[both].log()).sum()


def kl(p, q):
    both = (p > 0) & (q > 0)
    return (p[both] * (p[both] / q[both]).log()).sum()


# %% wrong="information: the sum over the outcomes turned into a mean"
def entropy(p):
    return -(p[p > 0] * p[p > 0].log()).mean()


def cross_entropy(p, q):
    return -(p[p > 0] * q[p > 0].log()).mean()


def kl(p, q):
    return cross_entropy(p, q) - entropy(p)


# %% right="perplexities: log_softmax and gather"
def token_loss(logits, targets):
    return -logits.log_softmax(dim=-1).gather(-1, targets.unsqueeze(-1)).mean()


def perplexity(logits, targets):
    return torch.exp(token_loss(logits, targets))


def bits_per_token(logits, targets):
    return perplexity(logits, targets).log2()


def first_loss(vocabulary):
    return -math.log(1 / vocabulary)


# %% right="perplexities: the classes moved to the second axis"
def token_loss(logits, targets):
    return F.cross_entropy(logits.transpose(1, 2), targets)


def perplexity(logits, targets):
    return math.e ** token_loss(logits, targets)


def bits_per_token(logits, targets):
    return token_loss(logits, targets) * math.log2(math.e)


def first_loss(vocabulary):
    return F.cross_entropy(torch.zeros(1, vocabulary), torch.tensor([0])).item()


# %% wrong="perplexities: probabilities handed over"
def token_loss(logits, targets):
    return F.cross_entropy(logits.softmax(dim=-1).flatten(0, 1), targets.flatten())


def perplexity(logits, targets):
    return token_loss(logits, targets).exp()


def bits_per_token(logits, targets):
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary):
    return math.log(vocabulary)


# %% wrong="perplexities: two to the power of nats"
def token_loss(logits, targets):
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def perplexity(logits, targets):
    return 2 ** token_loss(logits, targets)


def bits_per_token(logits, targets):
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary):
    return math.log(vocabulary)


# %% wrong="perplexities: multiplied for bits"
def token_loss(logits, targets):
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def perplexity(logits, targets):
    return token_loss(logits, targets).exp()


def bits_per_token(logits, targets):
    return token_loss(logits, targets) * math.log(2)


def first_loss(vocabulary):
    return math.log(vocabulary)


# %% wrong="perplexities: a mean of the perplexities of the tokens"
def token_loss(logits, targets):
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def perplexity(logits, targets):
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="none").exp().mean()


def bits_per_token(logits, targets):
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary):
    return math.log(vocabulary)


# %% wrong="perplexities: the sum over the tokens"
def token_loss(logits, targets):
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="sum")


def perplexity(logits, targets):
    return token_loss(logits, targets).exp()


def bits_per_token(logits, targets):
    return token_loss(logits, targets) / math.log(2)


def first_loss(vocabulary):
    return math.log(vocabulary)


# %% right="mutual: three entropies"
def _h(p):
    return -torch.xlogy(p, p).sum()


def mutual_information(joint):
    return _h(joint.sum(0)) + _h(joint.sum(1)) - _h(joint)


def conditional_entropy(joint):
    return _h(joint) - _h(joint.sum(dim=1))


# %% right="mutual: two loops"
def mutual_information(joint):
    x, y = joint.sum(dim=1).tolist(), joint.sum(dim=0).tolist()
    total = 0.0
    for i, row in enumerate(joint.tolist()):
        for j, p in enumerate(row):
            if p > 0:
                total += p * math.log(p / (x[i] * y[j]))
    return total


def conditional_entropy(joint):
    total = 0.0
    for row in joint.tolist():
        for p in row:
            if p > 0:
                total -= p * math.log(p / sum(row))
    return total


# %% wrong="mutual: nan at zeros"
def mutual_information(joint):
    return (joint * (joint / (joint.sum(1, keepdim=True) * joint.sum(0, keepdim=True))).log()).sum()


def conditional_entropy(joint):
    return -(joint * (joint / joint.sum(1, keepdim=True)).log()).sum()


# %% wrong="mutual: X given Y"
def mutual_information(joint):
    p = joint[joint > 0]
    return (p * (p / (joint.sum(1, keepdim=True) * joint.sum(0, keepdim=True))[joint > 0]).log()).sum()


def conditional_entropy(joint):
    columns = joint.sum(0, keepdim=True).expand_as(joint)
    return -(joint[joint > 0] * (joint[joint > 0] / columns[joint > 0]).log()).sum()


# %% wrong="mutual: the joint entropy for the conditional one"
def mutual_information(joint):
    p = joint[joint > 0]
    return (p * (p / (joint.sum(1, keepdim=True) * joint.sum(0, keepdim=True))[joint > 0]).log()).sum()


def conditional_entropy(joint):
    return -(joint[joint > 0] * joint[joint > 0].log()).sum()


# %% wrong="mutual: rows averaged without their weights"
def mutual_information(joint):
    p = joint[joint > 0]
    return (p * (p / (joint.sum(1, keepdim=True) * joint.sum(0, keepdim=True))[joint > 0]).log()).sum()


def conditional_entropy(joint):
    rows = joint[joint.sum(dim=1) > 0]
    laws = rows / rows.sum(dim=1, keepdim=True)
    return -torch.xlogy(laws, laws).sum(dim=1).mean()


# %% wrong="mutual: without the weights of the joint law"
def mutual_information(joint):
    apart = joint.sum(1, keepdim=True) * joint.sum(0, keepdim=True)
    return torch.xlogy(apart, joint / apart)[joint > 0].sum()


def conditional_entropy(joint):
    rows = joint.sum(dim=1, keepdim=True).expand_as(joint)
    return -(joint[joint > 0] * (joint[joint > 0] / rows[joint > 0]).log()).sum()


# %% equivalent="mutual: a row of margins spreads by itself"
# - apart = joint.sum(dim=1, keepdim=True) * joint.sum(dim=0, keepdim=True)
# + apart = joint.sum(dim=1, keepdim=True) * joint.sum(dim=0)


# %% equivalent="mutual: a row of margins spreads by itself, case 2"
# - apart = joint.sum(dim=1, keepdim=True) * joint.sum(dim=0, keepdim=True)
# + apart = joint.sum(dim=1, keepdim=True) * joint.sum(dim=0, keepdim=False)


# %% equivalent="mutual: two variables never say less than nothing about each other"
# spoiler: mutual_information returns absolute


# %% [markdown] explains="scores"
# Each score is a share, and what matters is the group that it is a share of: precision divides by all alarms, recall
# by all positives, the false-positive rate by all negatives. So the two rates stay the same if there are more
# negatives of the same kind, while precision falls.
#
# The harmonic mean is close to the smaller of its two numbers: precision 1 with recall 0.01 is an $F_1$ of 0.02, not
# of one half.


# %% right="scores: shares as means over groups"
def scores(truth, says, beta):
    precision = truth[says].float().mean()
    recall = says[truth].float().mean()
    false_positive_rate = says[~truth].float().mean()
    return precision, recall, false_positive_rate, (1 + beta**2) / (1 / precision + beta**2 / recall)


# %% right="scores: a confusion matrix by bincount, plain numbers"
def scores(truth, says, beta):
    tn, fp, fn, tp = torch.bincount(2 * truth.long() + says.long(), minlength=4).tolist()
    f = (1 + beta**2) * tp / ((1 + beta**2) * tp + beta**2 * fn + fp)
    return tp / (tp + fp), tp / (tp + fn), fp / (fp + tn), f


# %% wrong="scores: precision and recall exchanged"
def scores(truth, says, beta):
    tp = (truth & says).sum()
    recall, precision = tp / says.sum(), tp / truth.sum()
    rate = (~truth & says).sum() / (~truth).sum()
    f = (1 + beta**2) * precision * recall / (beta**2 * precision + recall)
    return precision, recall, rate, f


# %% wrong="scores: false alarms among all alarms"
def scores(truth, says, beta):
    tp = (truth & says).sum()
    precision, recall = tp / says.sum(), tp / truth.sum()
    rate = (~truth & says).sum() / says.sum()
    f = (1 + beta**2) * precision * recall / (beta**2 * precision + recall)
    return precision, recall, rate, f


# %% wrong="scores: the plain mean of precision and recall"
def scores(truth, says, beta):
    tp = (truth & says).sum()
    precision, recall = tp / says.sum(), tp / truth.sum()
    rate = (~truth & says).sum() / (~truth).sum()
    f = (precision + recall) / 2
    return precision, recall, rate, f


# %% wrong="scores: β² at the recall"
def scores(truth, says, beta):
    tp = (truth & says).sum()
    precision, recall = tp / says.sum(), tp / truth.sum()
    rate = (~truth & says).sum() / (~truth).sum()
    f = (1 + beta**2) * precision * recall / (precision + beta**2 * recall)
    return precision, recall, rate, f


# %% wrong="scores: β always 1"
def scores(truth, says, beta):
    tp = (truth & says).sum()
    precision, recall = tp / says.sum(), tp / truth.sum()
    rate = (~truth & says).sum() / (~truth).sum()
    f = 2 * precision * recall / (precision + recall)
    return precision, recall, rate, f
