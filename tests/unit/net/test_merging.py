import keras
import numpy as np
import pytest
from livedead.desk.errors import ModelError
from livedead.net.merging import check_outputs, merge_classes


def passing(channels):
    """A network that gives back its input."""
    image = keras.Input((None, None, channels))
    return keras.Model(image, keras.layers.Activation("linear")(image))


def test_probabilities_of_classes_that_count_as_one_are_added():
    probability = np.random.default_rng(0).dirichlet(np.ones(4), (1, 5, 6)).astype(np.float32)
    merged = merge_classes(passing(4), ["background", "injured", "dead", "live"])
    background, injured, dead, live = np.moveaxis(probability, -1, 0)
    found = merged.predict_on_batch(probability)
    np.testing.assert_allclose(found, np.stack([live + injured, dead, background], -1), atol=1e-7)
    assert merged.layers[-1].name == "merge_classes" and not merged.trainable_weights


def test_our_own_classes_need_no_layer():
    model = passing(3)
    assert merge_classes(model, ["live", "dead", "background"]) is model
    assert merge_classes(model, ["dead", "live", "background"]) is not model


@pytest.mark.parametrize(
    "outputs, text",
    [
        (["live", "dead"], "none counts as background"),
        (["live", "live", "dead", "background"], "live stands twice"),
        (["live", "dead", "sky"], "sky is not known; none counts as background"),
    ],
)
def test_classes_that_cannot_be_used(outputs, text):
    with pytest.raises(ModelError, match=text):
        check_outputs(outputs)
