import pytest
from livedead.net.eunet import build_eunet
from livedead.net.stages import network_stages

from .conftest import tiny_network


# Channels and blocks of the encoders: Tan and Le, EfficientNet, Table 1, with the width and depth of B3 and B7.
@pytest.mark.parametrize(
    "encoder, skips, bottom, blocks",
    [("B0", [96, 144, 240, 672], 1280, [1, 2, 2, 6, 5]), ("B3", [144, 192, 288, 816], 1536, [2, 3, 3, 10, 8])],
)
def test_channels_strides_and_blocks(encoder, skips, bottom, blocks):
    stages = network_stages(build_eunet(encoder))
    assert [row["part"] for row in stages] == ["input"] + ["encoder"] * 5 + ["decoder"] * 5 + ["head"]
    assert [row["stride"] for row in stages] == [1, 2, 4, 8, 16, 32, 16, 8, 4, 2, 1, 1]
    assert [row["channels"] for row in stages] == [3, *skips, bottom, 256, 128, 64, 32, 16, 3]
    assert [row["blocks"] for row in stages[1:6]] == blocks
    # A decoder stage reads the encoder where both have the same resolution; the last one has no partner.
    strides = {row["layer"]: row["stride"] for row in stages if row["part"] == "encoder"}
    joined = [(row["stride"], strides.get(row["skip"])) for row in stages if row["part"] == "decoder"]
    assert joined == [(16, 16), (8, 8), (4, 4), (2, 2), (1, None)]


def test_another_network_has_no_stages():
    assert network_stages(tiny_network()) == []
