"""A sentence-embedding model from a folder on this machine, for lists whose words are far from the bank's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from generator.survey.match import Embed


def load_model(folder: Path) -> Embed:
    """The model in a folder that sentence-transformers has saved.

    Raises:
        ImportError: the library is not installed (extra `embedding`).
        OSError, ValueError, KeyError: the folder holds no such model.
    """
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), local_files_only=True)

    def embed(texts: Sequence[str]) -> NDArray[np.float64]:
        return np.asarray(model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False), dtype=np.float64)

    return embed
