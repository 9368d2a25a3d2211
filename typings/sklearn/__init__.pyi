# The parts of scikit-learn that the project uses; the library has no types of its own.
