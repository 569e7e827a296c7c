import keras
import pytest
from livedead.desk.errors import SettingsError
from livedead.net.complexity import encoder_costs, layer_macs, seconds_per_image
from livedead.net.encoder import build_encoder
from livedead.net.eunet import build_eunet


def test_closed_forms_of_single_layers():
    image = keras.Input((None, None, 3))
    x = keras.layers.Conv2D(8, 3, strides=2, padding="same", name="plain")(image)
    x = keras.layers.DepthwiseConv2D(5, padding="same", name="depthwise")(x)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.Conv2D(16, 1, name="pointwise")(x)
    x = keras.layers.Conv2D(4, 3, padding="valid", name="valid")(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    model = keras.Model(image, keras.layers.Dense(10, name="dense")(x))
    assert layer_macs(model, 64, 32) == {
        "plain": 32 * 16 * 9 * 3 * 8,
        "depthwise": 32 * 16 * 25 * 8,
        "pointwise": 32 * 16 * 8 * 16,
        "valid": 30 * 14 * 9 * 16 * 4,
        "dense": 4 * 10,
    }


# Tan and Le, EfficientNet, Table 2: 0.39 (B0, 224), 1.8 (B3, 300) billion operations, counted as one for
# a multiplication and its addition, with the classifier on top (1.3 and 1.5 million).
@pytest.mark.parametrize("name, side, billions", [("B0", 224, 0.39), ("B3", 300, 1.8)])
def test_encoders_cost_what_their_authors_say(name, side, billions):
    assert sum(layer_macs(build_encoder(name), side, side).values()) / 1e9 == pytest.approx(billions, rel=0.03)


def test_work_of_the_network_grows_with_the_image():
    model = build_eunet("B0")
    small, large = (layer_macs(model, side, side) for side in (64, 128))
    convolutions = [name for name in small if name.startswith("decoder") or name == "final_conv"]
    assert len(convolutions) == 11
    assert all(large[name] == 4 * small[name] for name in convolutions)
    # Squeeze and excitation looks at the whole image through one pixel.
    assert large["block1a_se_reduce"] == small["block1a_se_reduce"]


@pytest.mark.parametrize(
    "encoder, parameters", [("B3", 17_868_123), pytest.param("B7", 75_048_387, marks=pytest.mark.large)]
)
def test_row_of_an_encoder(encoder, parameters):
    (row,) = encoder_costs([encoder], 64, 1, 1)
    assert row["parameters"] == parameters
    # B3: encoder 10,783,528, decoder 7,084,595; B7: 64,097,680 and 10,950,707.
    assert row["encoder_parameters"] == build_encoder(encoder).count_params()
    assert row["seconds_low"] <= row["seconds_per_image"] <= row["seconds_high"]
    assert (row["repeats"], row["threads"], row["image_px"]) == (1, 1, 64)


def test_times_are_of_the_images_after_the_warm_up():
    model = keras.Sequential([keras.Input((None, None, 3)), keras.layers.Conv2D(2, 3)])
    seconds = seconds_per_image(model, 32, 3)
    assert len(seconds) == 3 and min(seconds) > 0


def test_an_image_the_network_cannot_take():
    with pytest.raises(SettingsError, match="note5.encoders.image_px is 100; wanted a multiple of 32"):
        next(encoder_costs(["B0"], 100, 1, 1))
