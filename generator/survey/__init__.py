"""Evidence from public question lists: matching their questions to the bank's, gaps, and how well the order predicts."""
