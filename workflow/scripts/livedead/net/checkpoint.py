"""State of an unfinished training, kept in a folder of its own."""

import json
import zipfile
from pathlib import Path

import numpy as np

from ..desk.errors import ModelError
from ..desk.files import whole_file


class Checkpoint:
    """One file that holds everything a training needs to go on as if it had never stopped.

    Parameters
    ----------
    folder : str or pathlib.Path
        Folder of the file; made when needed.
    code : str
        Fingerprint of the code that writes it.
    """

    def __init__(self, folder, code=""):
        self.file = Path(folder) / "state.npz"
        self.code = code

    def load(self, identity):
        """Read the state if there is one of the same training.

        Parameters
        ----------
        identity : dict
            Settings, seed, data and versions of the training, of plain types.

        Returns
        -------
        tuple or None
            Arrays by name and the history (list of dict); None where there is no state, or one of another
            training (it is then overwritten by the first save).

        Raises
        ------
        ModelError
            If the file is damaged.
        """
        if not self.file.exists():
            return None
        try:
            with np.load(self.file) as stored:
                arrays = {name: stored[name] for name in stored.files}
            notes = json.loads(str(arrays.pop("notes")))
            history, made_by = notes["history"], notes["identity"]
        except (zipfile.BadZipFile, ValueError, KeyError, OSError, EOFError) as error:
            raise ModelError(
                f"{self.file}: the state of the interrupted training is damaged ({error}); delete it."
            ) from error
        return (arrays, history) if made_by == self._signed(identity) else None

    def save(self, identity, arrays, history):
        """Replace the state by a new one in a single step.

        Parameters
        ----------
        identity : dict
            As for `load`.
        arrays : dict of numpy.ndarray
            Values of all variables by name.
        history : list of dict
            Rows of the finished epochs.
        """
        notes = json.dumps({"identity": self._signed(identity), "history": history})
        with whole_file(self.file) as partial:
            np.savez(partial, notes=np.array(notes), **arrays)

    def remove(self):
        """Delete the state of a finished training, and its folder where nothing else lies in it."""
        self.file.unlink(missing_ok=True)
        if self.file.parent.is_dir() and not any(self.file.parent.iterdir()):
            self.file.parent.rmdir()

    def _signed(self, identity):
        # Through JSON and back, so that tuples equal the lists they are stored as.
        return json.loads(json.dumps({**identity, "code": self.code}))
