"""What Snakemake hands to a script, made by hand."""

from types import SimpleNamespace


class Files(SimpleNamespace):
    """Named files or lists of files; gone through, it gives every single file."""

    def __iter__(self):
        for named in vars(self).values():
            yield from [named] if isinstance(named, str) else named

    def __getitem__(self, name):
        return getattr(self, name)

    def items(self):
        return vars(self).items()

    def keys(self):
        return vars(self).keys()
