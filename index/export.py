"""Writes a trained table as a sentence-transformers folder, small enough to ship.

The table is rotated onto its principal axes and cut, then stored in int8 with one scale per
token, under the names that sentence-transformers and model2vec read: `embeddings`, `mapping`
(token to row) and `weights` (token to scale).
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer

MODULES = "sentence_transformers.sentence_transformer.modules"


def cut_width(table: NDArray[np.float32], width: int) -> NDArray[np.float32]:
    """The table on its first principal axes, shape [rows, width]. Axes go through the origin, so
    that cosines change as little as can be."""
    _, axes = np.linalg.eigh(table.T @ table)
    rotated: NDArray[np.float32] = (table @ axes[:, ::-1][:, :width]).astype(np.float32)
    return rotated


def save_model(
    folder: Path, tokenizer: Tokenizer, row_of: NDArray[np.int32], table: NDArray[np.float32]
) -> None:
    """Write the folder that `SentenceTransformer(folder)` opens."""
    folder.mkdir(parents=True, exist_ok=True)
    scale = np.abs(table).max(axis=1) / 127
    scale[scale == 0] = 1.0
    scale = scale.astype(np.float16).astype(np.float32)
    rounded = np.clip(np.rint(table / scale[:, None]), -127, 127).astype(np.int8)
    arrays = {
        "embeddings": rounded,
        "mapping": row_of.astype(np.int32),
        "weights": scale[row_of].astype(np.float16),
    }
    save_file(arrays, folder / "model.safetensors")
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": f"{MODULES}.StaticEmbedding"},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": f"{MODULES}.Normalize"},
    ]
    (folder / "modules.json").write_text(json.dumps(modules, indent=1) + "\n")
    settings = {"model_type": "SentenceTransformer", "similarity_fn_name": "cosine"}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(settings, indent=1) + "\n")
