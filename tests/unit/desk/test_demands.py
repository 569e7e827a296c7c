import pytest
from livedead.desk.demands import BYTES_PER_PIXEL, training_memory_mb

# Peaks of whole processes, MB: trainings of a default run and of Supplementary Note 5; one step at the paper's sizes.
MEASURED = [("B0", 128, 8, 1796), ("B3", 128, 8, 2312), ("B3", 512, 14, 19_650), ("B7", 512, 4, 17_200)]


@pytest.mark.parametrize("encoder, crop_px, batch_size, peak_mb", MEASURED)
def test_what_was_measured_fits_and_little_is_asked_in_vain(encoder, crop_px, batch_size, peak_mb):
    asked = training_memory_mb({"encoder": encoder, "crop_px": crop_px, "batch_size": batch_size})
    # The job holds two processes of snakemake beside the training, some 140 MB each.
    assert peak_mb + 280 < asked < 1.7 * peak_mb


def test_every_encoder_has_its_number_and_larger_ones_ask_for_more():
    numbers = [BYTES_PER_PIXEL[f"B{n}"] for n in range(8)]
    assert numbers == sorted(numbers)
    assert len(BYTES_PER_PIXEL) == len(numbers)
