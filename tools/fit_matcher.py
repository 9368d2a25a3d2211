"""Fit the weights of `generator/survey/match.py` to places that people judged.

    python tools/fit_matcher.py QUESTIONS.jsonl [--content content] [--model DIR] [--without PLACES.txt]

QUESTIONS.jsonl gives the lists' sentences, which are not part of the project: one object a line with "place"
("list:position") and "question". What was judged is in survey/asked.toml and gaps.toml. Printed are the weights by
maximum likelihood, and by the chance of the best candidate, how many of the proposals are right.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from generator.content import load
from generator.survey.add import judged
from generator.survey.embedding import load_model
from generator.survey.match import Matcher, Weights, probabilities

RIDGE = 0.001
"""Penalty on large weights, so that the fit has one solution."""


def main() -> None:
    """Read, fit, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("questions", type=Path)
    parser.add_argument("--content", type=Path, default=Path("content"))
    parser.add_argument("--model", type=Path)
    parser.add_argument("--without", type=Path, help="places to leave out, one a line")
    parser.add_argument("--lists", help="only these lists, with commas")
    options = parser.parse_args()
    content = load([options.content])
    matcher = Matcher(content.bank, content.survey.phrases, load_model(options.model) if options.model else None)
    asked = content.survey.asked.items()
    owner = {str(place): identity for identity, places in asked if identity in matcher.ids for place in places}
    left_out = set(options.without.read_text().split()) if options.without else set()
    known = {str(place) for place in judged(content.survey)} - left_out
    rows = [json.loads(line) for line in options.questions.read_text(encoding="utf-8").splitlines() if line.strip()]
    wanted = set(options.lists.split(",")) if options.lists else None
    rows = [row for row in rows if row["place"] in known and (wanted is None or row["place"].split(":")[0] in wanted)]
    features = matcher.features([row["question"] for row in rows])
    none = len(matcher.ids)
    right = np.array([matcher.ids.index(owner[row["place"]]) if row["place"] in owner else none for row in rows])
    inside = right < none
    chosen = features[np.flatnonzero(inside), right[inside]]

    def cost(point: np.ndarray) -> tuple[float, np.ndarray]:
        chances = probabilities(features, Weights(tuple(point[:-1]), point[-1]))
        nothing = 1 - chances.sum(axis=1)
        picked = np.where(inside, chances[np.arange(len(rows)), np.minimum(right, none - 1)], nothing)
        expected = np.einsum("nq,nqf->f", chances, features)
        slope = np.append(expected - chosen.sum(axis=0), nothing.sum() - (~inside).sum())
        value = -np.log(np.maximum(picked, 1e-12)).sum()
        return value / len(rows) + RIDGE * (point**2).sum(), slope / len(rows) + 2 * RIDGE * point

    found = minimize(cost, np.ones(features.shape[2] + 1), jac=True, method="L-BFGS-B")
    weights = Weights(tuple(round(float(value), 2) for value in found.x[:-1]), round(float(found.x[-1]), 2))
    print(f"{len(rows)} places, {inside.sum()} of them matched; {weights}")
    chances = probabilities(features, weights)
    best, hit = chances.max(axis=1), chances.argmax(axis=1) == right
    top = np.argsort(-chances, axis=1)[:, :5]
    found_in_five = np.mean([one in five for one, five in zip(right[inside], top[inside], strict=True)])
    print(f"right at the first {hit[inside].mean():.3f}, among the first five {found_in_five:.3f}")
    for bound in (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95):
        sure = best >= bound
        precision, recall = hit[sure].mean(), hit[sure].sum() / inside.sum()
        print(f"sure from {bound}: precision {precision:.3f}, recall {recall:.3f}, {sure.sum()} proposals")


if __name__ == "__main__":
    main()
