"""Upsampling, joining with the encoder and convolution as one layer, which never makes the upsampled image."""

import keras
import numpy as np
from keras import ops

# What a pixel of the small image gives to the four pixels around it in the large one, along one axis: sums of the
# three taps of the kernel, since neighbours in the upsampled image are twice the same pixel.
_TAPS = np.array([[0, 0, 1], [0, 1, 1], [1, 1, 0], [1, 0, 0]], np.float32)
_SPREAD = np.kron(_TAPS, _TAPS)
# From this many input channels per filter on, the larger kernel costs more than it saves.
_MANY_CHANNELS = 5
_FIXED = {"kernel_size": 3, "padding": "same", "use_bias": False, "activation": None}


@keras.saving.register_keras_serializable(package="livedead", name="UpsampledConv2D")
class UpsampledConv2D(keras.layers.Conv2D):
    """Convolution, 3 x 3, of an image upsampled twofold (nearest neighbour) and joined with another one.

    The same numbers as `UpSampling2D(2)`, `Concatenate` and `Conv2D(filters, 3, padding="same", use_bias=False)`, from
    the same kernel, to float rounding. A pixel of the upsampled image stands there four times, so that nine products
    per large pixel become four: a transposed convolution with a kernel of 4 x 4 and stride 2, derived from the 3 x 3
    at every call. The other image, already large, is convolved by its part of the kernel, and both are added.

    Parameters
    ----------
    filters : int
        Output channels.
    **kwargs
        Of `keras.layers.Conv2D`; size of the kernel, padding, bias and activation are fixed.

    Notes
    -----
    Called with the small image (batch, height, width, channels), or a list of it and the large one (batch, 2 height,
    2 width, channels). The kernel (3, 3, channels of both, filters) has the small image's channels first.

    References
    ----------
    Odena, Dumoulin and Olah, Deconvolution and checkerboard artifacts, Distill 2016, doi:10.23915/distill.00003.
    """

    def __init__(self, filters, **kwargs):
        super().__init__(filters, **(kwargs | _FIXED))
        self.input_spec = None

    def build(self, input_shape):
        """Make the kernel that the three layers would have."""
        small, *large = _each(input_shape)
        super().build((*small[:-1], small[-1] + sum(shape[-1] for shape in large)))
        self.input_spec = None
        self.small_channels = small[-1]

    def compute_output_shape(self, input_shape):
        """Twice the sides of the small image."""
        batch, *sides, _ = _each(input_shape)[0]
        return (batch, *(side and 2 * side for side in sides), self.filters)

    def convolution_op(self, inputs, kernel):
        """Convolve (see Notes) with a kernel (3, 3, channels of both, filters)."""
        small, *large = inputs if isinstance(inputs, list | tuple) else [inputs]
        many = self.small_channels >= _MANY_CHANNELS * self.filters
        # Split, not sliced: the gradient then is put together once, not added up from two padded with zeros.
        of_small, of_large = ops.split(kernel, [self.small_channels], axis=2)
        upsampled = (_product_by_product if many else _transposed)(small, of_small)
        for image in large:
            upsampled += ops.conv(image, of_large, padding="same")
        return upsampled

    def in_built_in_layers(self, inputs):
        """Do the same with two convolutions of Keras; their kernels are those of now.

        Parameters
        ----------
        inputs : keras.KerasTensor or list of keras.KerasTensor
            As for a call.

        Returns
        -------
        keras.KerasTensor
        """
        small, *large = inputs if isinstance(inputs, list | tuple) else [inputs]
        options = {"padding": "same", "use_bias": False}
        spread = keras.layers.Conv2DTranspose(self.filters, 4, strides=2, name=f"{self.name}_small", **options)
        joined = [spread(small)]
        spread.set_weights([spread_kernel(self.kernel[:, :, : self.small_channels])])
        for image in large:
            plain = keras.layers.Conv2D(self.filters, 3, name=f"{self.name}_large", **options)
            joined.append(plain(image))
            plain.set_weights([self.kernel[:, :, self.small_channels :]])
        return keras.layers.Add(name=f"{self.name}_sum")(joined) if large else joined[0]


# Keras finds weights in its files by the class of a layer and its place among those of this class: under this name,
# files of the network in stock layers fit, and the other way round.
UpsampledConv2D.__name__ = "Conv2D"


def in_built_in_layers(model):
    """Put Keras' own layers in the place of `UpsampledConv2D`, for files that others shall open.

    Parameters
    ----------
    model : keras.Model
        Functional network.

    Returns
    -------
    keras.Model
        The same numbers to float rounding, from built-in layers only; all other layers are shared with `model`.
    """

    def called(layer, *args, **kwargs):
        if isinstance(layer, UpsampledConv2D):
            return layer.in_built_in_layers(*args)
        return layer(*args, **kwargs)

    return keras.models.clone_model(model, clone_function=lambda layer: layer, call_function=called)


def spread_kernel(kernel):
    """Derive the kernel of the transposed convolution, stride 2, that does what upsampling and a convolution do.

    Parameters
    ----------
    kernel : array or tensor
        (3, 3, channels, filters).

    Returns
    -------
    tensor
        (4, 4, filters, channels).
    """
    channels, filters = kernel.shape[2:]
    spread = ops.matmul(ops.cast(_SPREAD, kernel.dtype), ops.reshape(kernel, (9, channels * filters)))
    return ops.transpose(ops.reshape(spread, (4, 4, channels, filters)), (0, 1, 3, 2))


def _each(input_shape):
    """List the shapes of one image or more."""
    return list(input_shape) if isinstance(input_shape[0], list | tuple) else [input_shape]


def _transposed(image, kernel):
    """Upsample and convolve by a transposed convolution: 4 products per large pixel, channel and filter."""
    return ops.conv_transpose(image, spread_kernel(kernel), strides=2, padding="same")


def _product_by_product(image, kernel):
    """Upsample and convolve by multiplying each small pixel with all taps, then adding neighbours: 9/4 products."""
    channels, filters = kernel.shape[2:]
    taps = ops.reshape(ops.transpose(kernel, (2, 0, 1, 3)), (1, 1, channels, 9 * filters))
    products = ops.conv(image, taps)
    return _neighbours_added(_neighbours_added(products, 1), 2)


def _neighbours_added(products, axis):
    """Add the products of three taps (first in the channels) along an axis, which becomes twice as long."""
    shape = list(ops.shape(products))
    before, here, after = ops.split(products, 3, axis=-1)
    begin, end, missing = [slice(None)] * 4, [slice(None)] * 4, [[0, 0] for _ in range(4)]
    begin[axis], end[axis] = slice(None, -1), slice(1, None)
    # Beyond the edge is zero.
    before_padded = ops.pad(before[tuple(begin)], [[1, 0] if k == axis else pair for k, pair in enumerate(missing)])
    after_padded = ops.pad(after[tuple(end)], [[0, 1] if k == axis else pair for k, pair in enumerate(missing)])
    pairs = ops.stack([before_padded + (here + after), (before + here) + after_padded], axis=axis + 1)
    shape[0], shape[axis], shape[-1] = -1, 2 * shape[axis], products.shape[-1] // 3
    return ops.reshape(pairs, shape)
