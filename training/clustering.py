"""Clusters: k-means, DEC's soft assignment and target, and how well clusters agree with labels.

Nothing here knows a network. Points are float32 tensors [N, D], centres [K, D]; clusters and labels integer arrays [N].
"""
import numpy as np
import torch


def squared_distances(points, centres):
    """[N, D] and [K, D] to [N, K], from differences: the shorter |z|^2 - 2 z m + |m|^2 cancels close to a centre."""
    return ((points[:, None, :] - centres[None, :, :]) ** 2).sum(2)


def soft_assignment(points, centres):
    """q_ij = (1 + |z_i - m_j|^2)^-1, each row divided by its sum (Xie et al. 2016, equation 1, alpha 1); [N, K]."""
    q = 1 / (1 + squared_distances(points, centres))
    return q / q.sum(1, keepdim=True)


def target(q):
    """p_ij = (q_ij^2 / f_j) over its row's sum, with f_j = sum_i q_ij over all images (equation 3); [N, K]."""
    weight = q**2 / q.sum(0)
    return weight / weight.sum(1, keepdim=True)


def divergence(p, q):
    """KL(P || Q) = sum_j p_j log(p_j / q_j) in nats, the mean over images (equation 2 over N)."""
    return (p * (p / q).log()).sum(1).mean()


def contingency(clusters, labels, size):
    """int64 [size, size]: how many points of cluster (row) have the label (column)."""
    table = np.zeros((size, size), np.int64)
    np.add.at(table, (np.asarray(clusters), np.asarray(labels)), 1)
    return table


def assignment(gain):
    """The one-to-one map of rows to columns whose summed gain is greatest; gain: [n, n], returns int64 [n].

    The Hungarian method in its O(n^3) form with potentials (Kuhn 1955; Jonker and Volgenant 1987).
    """
    cost, n = -np.asarray(gain, np.float64), len(gain)
    row, column = np.zeros(n + 1), np.zeros(n + 1)  # potentials; index 0 is a column that stands for "none yet"
    owner, before = np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64)
    for i in range(1, n + 1):
        owner[0], at = i, 0
        least, done = np.full(n + 1, np.inf), np.zeros(n + 1, bool)
        while owner[at]:
            done[at] = True
            reduced = cost[owner[at] - 1] - row[owner[at]] - column[1:]
            better = ~done[1:] & (reduced < least[1:])
            least[1:][better], before[1:][better] = reduced[better], at
            free = np.where(done, np.inf, least)
            following = int(free.argmin())
            step = free[following]
            row[owner[done]] += step
            column[done] -= step
            least[~done] -= step
            at = following
        while at:
            owner[at] = owner[before[at]]
            at = before[at]
    out = np.empty(n, np.int64)
    out[owner[1:] - 1] = np.arange(n)
    return out


def accuracy(clusters, labels):
    """Share of points whose label is their cluster's, under the best one-to-one map of clusters to labels (ACC)."""
    table = contingency(clusters, labels, 1 + int(max(np.max(clusters), np.max(labels))))
    return float(table[np.arange(len(table)), assignment(table)].sum() / len(labels))


def entropy(counts):
    """In nats, of a distribution given by counts."""
    share = counts[counts > 0] / counts.sum()
    return float(-(share * np.log(share)).sum())


def mutual_information(clusters, labels):
    """Mutual information over the mean of both entropies (NMI, arithmetic), 0...1; 1 where both are one group."""
    table = contingency(clusters, labels, 1 + int(max(np.max(clusters), np.max(labels))))
    ours, theirs = entropy(table.sum(1)), entropy(table.sum(0))
    mean = (ours + theirs) / 2
    return (ours + theirs - entropy(table.ravel())) / mean if mean else 1.0


def adjusted_rand(clusters, labels):
    """Share of pairs on which both agree, corrected for chance (Hubert and Arabie 1985): 1 the same, 0 as by chance."""
    table = contingency(clusters, labels, 1 + int(max(np.max(clusters), np.max(labels))))
    pairs = lambda counts: float((counts * (counts - 1) // 2).sum())
    both, ours, theirs = pairs(table), pairs(table.sum(1)), pairs(table.sum(0))
    expected = ours * theirs / pairs(table.sum(keepdims=True))
    most = (ours + theirs) / 2
    return (both - expected) / (most - expected) if most != expected else 1.0


def plus_plus(points, k, generator):
    """k of the points as first centres, each drawn with probability proportional to its squared distance from those
    before (Arthur and Vassilvitskii 2007); once all distances are 0 the rest are drawn evenly."""
    pick = int(torch.randint(len(points), (1,), generator=generator))
    chosen, nearest = [pick], squared_distances(points, points[pick : pick + 1])[:, 0]
    while len(chosen) < k:
        up_to = nearest.double().cumsum(0)
        if float(up_to[-1]) > 0:
            at = float(torch.rand(1, generator=generator, dtype=torch.float64)) * up_to[-1]
            pick = min(int(torch.searchsorted(up_to, at, right=True)), len(points) - 1)
        else:
            pick = int(torch.randint(len(points), (1,), generator=generator))
        chosen.append(pick)
        nearest = torch.minimum(nearest, squared_distances(points, points[pick : pick + 1])[:, 0])
    return points[chosen].clone()


def nearest_centre(points, centres):
    """Per point the index of its nearest centre, and the squared distance less |z|^2; by matrix products, which are fast
    and exact enough to tell which centre is nearest."""
    return torch.addmm((centres**2).sum(1), points, centres.t(), alpha=-2).min(1)


def lloyd(points, centres, most=300, tolerance=1e-3):
    """Lloyd's iterations until no centre moves further than `tolerance` times the points' spread (root of their mean
    variance), or `most` of them. A centre that loses all its points goes to the point that is farthest from its own.

    Returns centres, clusters, and the summed squared distances (inertia) up to a constant of the points.
    """
    k, still = len(centres), tolerance * float(points.var(0, unbiased=False).mean()) ** 0.5
    one = torch.empty(len(points), k)
    for _ in range(most):
        nearest, clusters = nearest_centre(points, centres)
        one.zero_().scatter_(1, clusters[:, None], 1)
        count = one.sum(0)
        moved = one.t() @ points / count.clamp(min=1)[:, None]
        empty = torch.nonzero(count == 0)[:, 0]
        if len(empty):
            distances = nearest + (points**2).sum(1)
            moved[empty] = points[distances.topk(len(empty)).indices]
        step = float((moved - centres).norm(dim=1).max())
        centres = moved
        if step <= still:
            break
    nearest, clusters = nearest_centre(points, centres)
    return centres, clusters, float(nearest.double().sum())


def kmeans(points, k, restarts, generator):
    """k-means from `restarts` k-means++ starts: centres [k, D] and clusters [N] of the one with least inertia."""
    if len(points) < k:
        raise ValueError(f"{len(points)} points cannot make {k} clusters.")
    runs = (lloyd(points, plus_plus(points, k, generator)) for _ in range(restarts))
    centres, clusters, _ = min(runs, key=lambda run: run[2])
    return centres, clusters
