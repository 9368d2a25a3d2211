"""`python -m generator` is the command `decks`."""

import sys

from generator.cli import main

sys.exit(main())
