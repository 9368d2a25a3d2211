from collections.abc import Iterable

from scipy.sparse import csr_matrix

class TfidfVectorizer:
    def __init__(
        self,
        *,
        analyzer: str = ...,
        ngram_range: tuple[int, int] = ...,
        stop_words: str | None = ...,
        sublinear_tf: bool = ...,
        min_df: int = ...,
    ) -> None: ...
    def fit(self, raw_documents: Iterable[str]) -> TfidfVectorizer: ...
    def transform(self, raw_documents: Iterable[str]) -> csr_matrix: ...
