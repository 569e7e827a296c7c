"""Published encoder weights: by hand, from the cache, offline. The files are made here, with checksums of their own."""

import hashlib
from urllib.error import URLError

import numpy as np
import pytest
from efficientnet import weights as known
from livedead.desk.errors import ModelError
from livedead.net import published
from livedead.net.encoder import build_encoder
from livedead.net.published import published_weights, weights_origin

from .old_keras import randomise, write_old_weights

NAMES = {
    "imagenet": "efficientnet-b0_weights_tf_dim_ordering_tf_kernels_autoaugment_notop.h5",
    "noisy-student": "efficientnet-b0_noisy-student_notop.h5",
}
KINDS = {"imagenet": ("sha256", "IMAGENET_WEIGHTS_HASHES"), "noisy-student": ("md5", "NS_WEIGHTS_HASHES")}


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path / "keras/models"


@pytest.fixture
def offline(monkeypatch):
    """No network: what `get_file` downloads with fails as it does without one."""

    def refused(url, *args, **kwargs):
        raise URLError("Name or service not known")

    monkeypatch.setattr("keras.src.utils.file_utils.urlretrieve", refused)


@pytest.mark.parametrize("which", NAMES)
def test_offline_message_says_what_was_tried_and_what_to_do(cache, offline, which):
    with pytest.raises(ModelError) as caught:
        build_encoder("B0", weights=which)
    message, (kind, hashes) = str(caught.value), KINDS[which]
    wanted = [f"{which} weights of EfficientNet-B0", str(cache / NAMES[which]), "https://github.com/", NAMES[which]]
    wanted += ["Name or service not known", f"{kind} {getattr(known, hashes)['efficientnet-b0'][1]}"]
    wanted += ["put it there by hand", "train.encoder_weights"]
    assert [text for text in wanted if text not in message] == []


@pytest.mark.parametrize("which", NAMES)
def test_a_file_put_there_by_hand_is_used(cache, offline, monkeypatch, which):
    written = randomise(build_encoder("B0"), seed=3)
    cache.mkdir(parents=True)
    write_old_weights(cache / NAMES[which], written)
    kind, hashes = KINDS[which]
    digest = hashlib.new(kind, (cache / NAMES[which]).read_bytes()).hexdigest()
    monkeypatch.setitem(getattr(known, hashes), "efficientnet-b0", ("", digest))
    read = build_encoder("B0", weights=which)
    for one, other in zip(written.get_weights(), read.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    sha256 = hashlib.sha256((cache / NAMES[which]).read_bytes()).hexdigest()
    assert weights_origin("B0", which) == {"name": which, "file": NAMES[which], "sha256": sha256}


def test_another_file_in_its_place_is_refused(cache):
    cache.mkdir(parents=True)
    (cache / NAMES["imagenet"]).write_bytes(b"half a download")
    with pytest.raises(
        ModelError, match=r"not the imagenet weights of EfficientNet-B0 \(sha256 .*wanted c1421ad8.*delete"
    ):
        published_weights("B0", "imagenet")


def test_a_download_is_checked_and_kept(cache, monkeypatch):
    monkeypatch.setitem(known.NS_WEIGHTS_HASHES, "efficientnet-b0", ("", hashlib.md5(b"weights").hexdigest()))
    fetched = []

    def retrieved(url, path, *args, **kwargs):
        fetched.append(url)
        with open(path, "wb") as file:
            file.write(b"weights")

    monkeypatch.setattr("keras.src.utils.file_utils.urlretrieve", retrieved)
    assert published_weights("B0", "noisy-student") == cache / NAMES["noisy-student"]
    assert published_weights("B0", "noisy-student").read_bytes() == b"weights"
    assert fetched == [known.NS_WEIGHTS_PATH + NAMES["noisy-student"]]


def test_origin_of_a_file_and_of_nothing(tmp_path):
    (tmp_path / "mine.h5").write_bytes(b"abc")
    assert weights_origin("B0", "none") is None
    found = weights_origin("B0", str(tmp_path / "mine.h5"))
    assert found["file"] == "mine.h5" and found["sha256"] == hashlib.sha256(b"abc").hexdigest()


def test_every_encoder_has_a_checksum_of_its_own():
    for which, (kind, _) in KINDS.items():
        checksums = {published._source(f"B{n}", which)[1] for n in range(8)}
        assert len(checksums) == 8 and {len(c) for c in checksums} == {64 if kind == "sha256" else 32}
