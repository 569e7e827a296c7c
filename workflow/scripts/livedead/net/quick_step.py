"""Quicker steps on TensorFlow: kernels that do in one pass what Keras writes as many; weights and numbers stay.

Of a step with EfficientNet-B3 on a CPU, Keras' batch normalisation, a dozen passes over each feature map, took a
quarter, the depthwise 5 x 5 kernels' gradients a tenth and Adam, ten passes over all weights, a twentieth.
"""

from contextlib import contextmanager

import keras
from keras import ops


@contextmanager
def quick_layers(model):
    """Let the layers of a network work by quicker kernels: the same numbers to float rounding.

    Within, steps are traced, and from then on they are quick. A network saved or exported afterwards is one of Keras'
    layers. On other backends than TensorFlow, which join such passes themselves, nothing happens.

    Parameters
    ----------
    model : keras.Model
        Network; compiled or not, but without a step traced.
    """
    changed = []
    if keras.backend.backend() == "tensorflow":
        changed = [(layer, quick) for layer in model.layers if (quick := _quick_class(layer))]
    plain = [type(layer) for layer, _ in changed]
    for layer, quick in changed:
        layer.__class__ = quick
    try:
        yield
    finally:
        for (layer, _), kind in zip(changed, plain, strict=True):
            layer.__class__ = kind


def quick_adam(learning_rate):
    """Give the paper's optimizer: Adam (0.9, 0.999, 1e-7).

    Parameters
    ----------
    learning_rate : float
        First rate.

    Returns
    -------
    keras.optimizers.Adam
        On TensorFlow the update of a weight is one kernel.
    """
    kind = _OneKernelAdam if keras.backend.backend() == "tensorflow" else keras.optimizers.Adam
    return kind(learning_rate, beta_1=0.9, beta_2=0.999, epsilon=1e-7, name="adam")


def _quick_class(layer):
    """Name the class that does the work of a layer quicker, if there is one."""
    if layer.compute_dtype != "float32":
        return None
    if type(layer) is keras.layers.BatchNormalization:
        return _OneKernelNormalization
    if type(layer) is keras.layers.DepthwiseConv2D and layer.kernel_size == (5, 5):
        return _PiecewiseDepthwise
    return None


class _OneKernelNormalization(keras.layers.BatchNormalization):
    """Batch normalisation over the last axis of images, moments and their gradients in one kernel each."""

    def call(self, inputs, training=None, mask=None):
        import tensorflow as tf

        if not (training and self.trainable):
            return super().call(inputs, training=False)
        outputs, mean, variance = tf.compat.v1.nn.fused_batch_norm(
            inputs, self.gamma, self.beta, epsilon=self.epsilon, is_training=True
        )
        count = ops.cast(ops.prod(ops.shape(inputs)[:3]), variance.dtype)
        # The kernel's variance is that of the population behind the batch, Keras keeps that of the batch.
        for kept, new in ((self.moving_mean, mean), (self.moving_variance, variance * (count - 1) / count)):
            kept.assign(kept * self.momentum + ops.stop_gradient(new) * (1 - self.momentum))
        return outputs


class _PiecewiseDepthwise(keras.layers.DepthwiseConv2D):
    """Depthwise convolution, 5 x 5, whose kernel's gradient is put together from four of 3 x 3.

    oneDNN has a kernel for the gradient of depthwise kernels up to 3 x 3 only; above, it takes each channel for 16.
    """

    def call(self, inputs):
        import tensorflow as tf

        strides = (1, *self.strides, 1)

        @tf.custom_gradient
        def convolved(image, kernel):
            outputs = tf.nn.depthwise_conv2d(image, kernel, strides, "SAME")

            def gradients(slope):
                of_image = tf.nn.depthwise_conv2d_backprop_input(tf.shape(image), kernel, slope, strides, "SAME")
                return of_image, _kernel_gradient(tf, image, slope, strides)

            return outputs, gradients

        return convolved(inputs, tf.convert_to_tensor(self.kernel.value))


def _kernel_gradient(tf, image, slope, strides):
    """Gradient (5, 5, channels, 1) from the rows and columns 0..2 and 2..4 of the kernel."""
    # Rows and columns of the padded image that three taps see.
    seen = [(length - 1) * stride + 3 for length, stride in zip(ops.shape(slope)[1:3], strides[1:3], strict=True)]
    missing = [extent + 2 - length for extent, length in zip(seen, ops.shape(image)[1:3], strict=True)]
    # Never negative: a stride does not leave out more of the edge than two of the five taps.
    padded = tf.pad(image, [[0, 0], *([gap // 2, gap - gap // 2] for gap in missing), [0, 0]])
    size = (3, 3, image.shape[-1], 1)
    top, bottom = (
        [
            tf.nn.depthwise_conv2d_backprop_filter(
                padded[:, row : row + seen[0], column : column + seen[1]], size, slope, strides, "VALID"
            )
            for column in (0, 2)
        ]
        for row in (0, 2)
    )
    halves = [tf.concat([left, right[:, 1:]], axis=1) for left, right in (top, bottom)]
    return tf.concat([halves[0], halves[1][1:]], axis=0)


class _OneKernelAdam(keras.optimizers.Adam):
    """Adam with one pass over a weight, its gradient and its two moments."""

    def update_step(self, gradient, variable, learning_rate):
        import tensorflow as tf

        place = self._get_variable_index(variable)
        step = ops.cast(self.iterations + 1, variable.dtype)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self._momentums[place].value.handle,
            v=self._velocities[place].value.handle,
            beta1_power=ops.power(ops.cast(self.beta_1, variable.dtype), step),
            beta2_power=ops.power(ops.cast(self.beta_2, variable.dtype), step),
            lr=ops.cast(learning_rate, variable.dtype),
            beta1=self.beta_1,
            beta2=self.beta_2,
            epsilon=self.epsilon,
            grad=gradient,
        )


# Model cards name the optimizer by its class.
_OneKernelAdam.__name__ = "Adam"
