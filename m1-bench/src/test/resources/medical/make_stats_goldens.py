#!/usr/bin/env python3
"""Reference values of other libraries, and exact ones by enumeration, for the tests of dev.m1.bench.medical.stats.

    make_stats_goldens.py > stats_goldens.json          made with numpy 2.4.6, scipy 1.17.1, statsmodels 0.15.0
"""
import collections
import json
import random
from fractions import Fraction

import numpy as np
import scipy.stats
import statsmodels.api as sm
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

RNG = random.Random(20)


def wilson():
    for k, n in [(0, 1), (1, 1), (0, 10), (10, 10), (3, 10), (27, 40), (123, 390), (966, 1273), (2616, 4183), (1, 100000)]:
        low, high = proportion_confint(k, n, method="wilson")
        yield {"right": k, "n": n, "low": low, "high": high}


def mcnemar_cases():
    for b, c in [(0, 0), (0, 1), (1, 0), (1, 1), (0, 5), (2, 9), (9, 2), (10, 10), (10, 11), (37, 61), (150, 90), (400, 900)]:
        n, m = b + c, min(b, c)
        half = Fraction(1, 2 ** n)
        point, tail, term = Fraction(0), Fraction(0), Fraction(1)
        for i in range(m + 1):
            point = term * half
            tail += point
            term = term * (n - i) / (i + 1)
        exact = min(Fraction(1), 2 * tail)
        mid = 2 * tail - point if b != c else Fraction(1)  # Both tails would count the middle twice.
        assert abs(float(exact) - mcnemar([[5, b], [c, 7]], exact=True).pvalue) < 1e-12
        assert n == 0 or b == c or abs(float(exact) - scipy.stats.binomtest(b, n).pvalue) < 1e-12
        yield {"b": b, "c": c, "exact": float(exact), "mid": float(mid)}


def holm():
    for p in [[0.01, 0.04, 0.03, 0.005], [0.5], [], [0.2, 0.2, 0.9, 1.0], [0.0, 0.04, 0.049, 0.011, 0.3, 0.02],
              [RNG.random() ** 3 for _ in range(15)]]:
        yield {"p": p, "holm": list(multipletests(p, method="holm")[1]) if p else []}


def clustered():
    for groups, most, likeness in [(5, 3, 0.9), (30, 2, 0.8), (78, 5, 1.0), (40, 4, 0.0)]:
        cluster, right = [], []
        for g in range(groups):
            base = RNG.random() < 0.6
            for _ in range(RNG.randint(1, most)):
                cluster.append(g)
                right.append(int(base if RNG.random() < likeness else RNG.random() < 0.6))
        fit = sm.OLS(right, np.ones(len(right))).fit(cov_type="cluster", cov_kwds={"groups": np.array(cluster)})
        yield {"cluster": cluster, "right": right, "se": fit.bse[0]}


def quantiles():
    for values in [[5], [1, 2], [3, 1, 2], [0, 10, 10, 25, 8192], [RNG.randint(1, 8192) for _ in range(101)]]:
        yield {"tokens": values, "mean": float(np.mean(values)), "quartiles": list(np.percentile(values, [0, 25, 50, 75, 100]))}


def kappas():
    for table in [[[20, 5], [10, 15]], [[1, 0], [0, 1]], [[300, 40], [5, 655]], [[10, 20], [30, 1]]]:
        yield {"table": table, "kappa": cohens_kappa(np.array(table)).kappa}


def power(draws, one):
    """Distribution of the sum of that many independent draws."""
    total = {tuple(0 for _ in next(iter(one))): Fraction(1)}
    for _ in range(draws):
        step = collections.defaultdict(Fraction)
        for a, p in total.items():
            for b, q in one.items():
                step[tuple(x + y for x, y in zip(a, b))] += p * q
        total = step
    return total


def bootstrap(outcomes, replicates=20000):
    """Exact bootstrap distribution: within each stratum as many clusters as it has, with replacement."""
    sources = list(dict.fromkeys(s for s, _, _ in outcomes))
    clusters = collections.defaultdict(lambda: [0] * (2 * len(sources)))
    for source, cluster, right in outcomes:
        s = sources.index(source)
        clusters[cluster][2 * s] += right
        clusters[cluster][2 * s + 1] += 1
    strata = collections.defaultdict(list)
    for counts in clusters.values():
        strata[tuple(n > 0 for n in counts[1::2])].append(tuple(counts))
    joint = {tuple([0] * (2 * len(sources))): Fraction(1)}
    for members in strata.values():
        one = collections.defaultdict(Fraction)
        for counts in members:
            one[counts] += Fraction(1, len(members))
        step = collections.defaultdict(Fraction)
        for a, p in joint.items():
            for b, q in power(len(members), one).items():
                step[tuple(x + y for x, y in zip(a, b))] += p * q
        joint = step
    means = collections.defaultdict(Fraction)
    for totals, p in joint.items():
        means[sum(Fraction(totals[2 * s], totals[2 * s + 1]) for s in range(len(sources))) / len(sources)] += p
    mean = sum(m * p for m, p in means.items())
    variance = sum((m - mean) ** 2 * p for m, p in means.items())

    def quantile(q):
        """Between which atoms a Monte Carlo run finds the quantile, all but certainly (six sigma)."""
        margin = 6 * (q * (1 - q) / replicates) ** 0.5
        return [atom(q - margin), atom(q + margin)]

    def atom(q):
        total = Fraction(0)
        for m in sorted(means):
            total += means[m]
            if total >= q:
                return float(m)

    return {"outcomes": outcomes, "replicates": replicates, "se": float(variance) ** 0.5,
            "low": quantile(0.025), "high": quantile(0.975)}


def bootstraps():
    yield bootstrap([("a", f"a{i}", int(i < 6)) for i in range(9)] + [("b", f"b{i}", int(i < 3)) for i in range(8)])
    yield bootstrap([("a", f"a{i}", int(i < 5)) for i in range(7)] + [("b", f"b{i}", 1) for i in range(4)]
                    + [("c", f"c{i}", int(i < 1)) for i in range(5)])
    # One source of repeated stems; two that share stems, which are right or wrong together.
    yield bootstrap([("g", f"g{i // 3}", int(i // 3 < 4 and i != 2)) for i in range(18)])
    yield bootstrap([(s, f"m{i}", int(i < 5 + (s == "op5"))) for i in range(9) for s in ("op4", "op5")]
                    + [("op5", f"only{i}", int(i < 1)) for i in range(3)] + [("q", f"q{i}", int(i < 2)) for i in range(5)])


print(json.dumps({f.__name__: list(f()) for f in (wilson, mcnemar_cases, holm, clustered, quantiles, kappas, bootstraps)}))
