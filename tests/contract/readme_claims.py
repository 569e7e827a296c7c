"""Write the claims of the last run into README.md, between their markers: `python -m tests.contract.readme_claims`."""

import sys

from livedead.desk.claims_block import claims_block, put_block
from livedead.desk.errors import LiveDeadError
from livedead.desk.files import whole_file
from livedead.desk.tables import read_table

from tests.contract.project import ROOT

CLAIMS = "results/claims/claims.tsv"


def rewrite() -> None:
    """Replace the block of README.md by the claims of the results that are there."""
    page = ROOT / "README.md"
    text = put_block(page.read_text(encoding="utf-8"), claims_block(read_table(ROOT / CLAIMS)))
    with whole_file(page) as partial:
        partial.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    try:
        rewrite()
    except LiveDeadError as error:
        sys.exit(str(error))
