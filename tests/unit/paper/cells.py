"""A page of the report as a reader sees it: the cells of its tables."""

from html.parser import HTMLParser


class Cells(HTMLParser):
    """Rows of text of every table, and the numbers of the marked ones."""

    def __init__(self, page):
        super().__init__()
        self.rows, self.marked, self.inside = [], [], False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag == "tr":
            self.rows.append([])
            if ("class", "marked") in attributes:
                self.marked.append(len(self.rows) - 1)
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self.inside = True

    def handle_endtag(self, tag):
        self.inside = self.inside and tag not in ("td", "th")

    def handle_data(self, data):
        if self.inside:
            self.rows[-1][-1] += data
