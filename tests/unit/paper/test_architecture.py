import pytest
from livedead.desk.errors import DataError
from livedead.paper.architecture import COLUMNS, draw_architecture


def stage(part, layer, channels, stride, blocks=None, skip=None):
    return dict(zip(COLUMNS, (part, layer, channels, stride, blocks, skip), strict=True))


@pytest.fixture
def card():
    """A network of three resolutions."""
    stages = [
        stage("input", "image", 3, 1),
        stage("encoder", "e1", 77, 2, blocks=1),
        stage("encoder", "e2", 1234, 4, blocks=5),
        stage("decoder", "d1", 55, 2, skip="e1"),
        stage("decoder", "d0", 11, 1),
        stage("head", "softmax", 3, 1),
    ]
    return {"encoder": "B9", "parameters": 1234567, "classes": ["live", "dead", "background"], "stages": stages}


def test_every_stage_is_a_block_with_its_own_numbers(card):
    drawing = draw_architecture(card)
    (axes,) = drawing.figure.axes
    words = [text.get_text() for text in axes.texts]
    assert {"77 channels", "1234 channels", "55 channels", "11 channels"} <= set(words)
    assert {"1/2 size, 1 block", "1/4 size, 5 blocks", "1/2 size", "full size", "live, dead, background"} <= set(words)
    assert sum((patch.get_gid() or "").startswith("stage-") for patch in axes.patches) == 6
    assert axes.get_title() == "E-U-Net, encoder EfficientNet-B9: 1,234,567 parameters"
    assert "6 inverted residual blocks, decoder of 55, 11 channels, joins" in drawing.caption
    assert drawing.rows == card["stages"] and drawing.columns == COLUMNS


def test_arrows_follow_the_way_and_dashed_ones_the_joins(card):
    (axes,) = draw_architecture(card).figure.axes
    arrows = [patch for patch in axes.patches if patch.get_gid() is None]
    dashed = [patch for patch in arrows if patch.get_linestyle() == "--"]
    assert len(arrows) == 6 and len(dashed) == 1
    # From the encoder to the decoder at one height: equal resolution.
    (tail, tip) = dashed[0]._posA_posB
    assert tail[0] < tip[0] and tail[1] == tip[1] == -1


def test_blocks_do_not_overlap(card):
    (axes,) = draw_architecture(card).figure.axes
    boxes = [patch.get_bbox() for patch in axes.patches if patch.get_gid()]
    for number, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[number + 1 :])


@pytest.mark.parametrize("stages", [None, []])
def test_an_old_card_is_refused(card, stages):
    with pytest.raises(DataError, match="no stages of the network .* train the network anew"):
        draw_architecture(card | {"stages": stages})
