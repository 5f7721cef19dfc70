"""Our ranking metrics beside trec_eval's, the reference of the field, through ir-measures."""

from __future__ import annotations

import ir_measures  # type: ignore[import-untyped]
import numpy as np
import pytest
from ir_measures import RR, Success, nDCG  # type: ignore[import-untyped]

from eval.scoring import ranking_scores

MEASURES = {
    "hit@1": Success @ 1,
    "hit@3": Success @ 3,
    "hit@5": Success @ 5,
    "mrr@10": RR @ 10,
    "ndcg@10": nDCG @ 10,
}


@pytest.mark.parametrize("relevant", [1, 2, 7, 25])
def test_they_agree_with_trec_eval(relevant: int) -> None:
    rng = np.random.default_rng(relevant)
    for _ in range(25):
        order = rng.permutation(30).tolist()
        gold = set(range(relevant))
        found = order[:10]
        ours = ranking_scores([r for r, at in enumerate(found, 1) if at in gold], relevant)
        qrels = [ir_measures.Qrel("q", str(at), 1) for at in gold]
        run = [ir_measures.ScoredDoc("q", str(at), -rank) for rank, at in enumerate(found)]
        theirs = ir_measures.calc_aggregate(list(MEASURES.values()), qrels, run)
        assert ours == pytest.approx({name: theirs[of] for name, of in MEASURES.items()})
