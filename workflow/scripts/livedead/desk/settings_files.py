"""The settings as files hold them, for programs that run without Snakemake."""

import os
from collections.abc import Mapping, Sequence

from .errors import SettingsError
from .settings import check_settings, overridden
from .yaml_text import read_yaml


def read_settings(files: Sequence[str | os.PathLike], schema: str | os.PathLike) -> dict:
    """Read configuration files, each standing above those before it, and check what comes out.

    Parameters
    ----------
    files : sequence of path
        A whole configuration, then such that say only what differs.
    schema : path
        YAML file with the schema.

    Returns
    -------
    dict
        All settings.

    Raises
    ------
    SettingsError
        A file is missing or no YAML text with sections, or there are errors as of `settings.check_settings`.
    """
    config: dict = {}
    for file in files:
        try:
            content = read_yaml(file)
        except FileNotFoundError:
            raise SettingsError(f"{file}: no such file of settings; check the path") from None
        if not isinstance(content, Mapping):
            raise SettingsError(f"{file}: no settings in it (wanted sections and keys as in config.yaml)")
        config = overridden(config, content)
    check_settings(config, schema, files)
    return config
