import os
import sys

# TensorFlow prints hardware advice on the screen while it is imported; errors still show.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# OpenVINO and NNCF report every import to their makers, unasked, wherever they find this package.
sys.modules.setdefault("openvino_telemetry", None)
