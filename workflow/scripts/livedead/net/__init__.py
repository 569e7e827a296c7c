import os

# TensorFlow prints hardware advice on the screen while it is imported; errors still show.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
