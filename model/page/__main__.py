"""`python -m model.page`: print the page without a model, as `sam build` packs it.

It needs no package, so that any Python at hand will do.
"""

import sys

from model.page.document import build_served_document

if __name__ == "__main__":
    sys.stdout.buffer.write(build_served_document().encode())
