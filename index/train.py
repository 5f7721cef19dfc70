"""Train the bilingual static encoder that ships in `index/model/`.

    python -m index.train --pairs DIR --out DIR [--minutes N] [--device cpu|cuda] [--init DIR]

One table of word vectors serves twice. Stage one, *dense*: a text is the mean of its words'
vectors and pairs are told from the other pairs of the batch (symmetric cross-entropy over
in-batch negatives, van den Oord et al. 2018). Stage two, *late*: the score that retrieval uses,
late interaction (ColBERT, Khattab and Zaharia 2020), is trained itself, together with the dense
one. The norm of a word's vector is its weight, so that idf is learned rather than counted.
"""

from __future__ import annotations
