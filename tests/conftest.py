"""How the tests run: no deadlines, since machines differ; the same examples on every run of CI, new ones elsewhere."""

import os

from hypothesis import settings

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")
