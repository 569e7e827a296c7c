import pytest
from livedead.desk.errors import SettingsError
from livedead.net.schedule import learning_rate, plateau, warmup_cosine


def test_warmup_cosine_by_hand():
    rates = [warmup_cosine(step, 12, 1.0, 4) for step in range(12)]
    assert rates[:4] == pytest.approx([0.25, 0.5, 0.75, 1])
    assert rates[4] == pytest.approx(1)
    assert rates[8] == pytest.approx(0.5)
    assert rates[6] == pytest.approx((1 + 0.5**0.5) / 2)
    assert rates[11] == pytest.approx((1 - 0.9238795) / 2)


def test_warmup_must_end_before_the_training():
    with pytest.raises(SettingsError, match="warmup_steps is 12 and the training has 12 steps"):
        warmup_cosine(0, 12, 1.0, 12)


def test_plateau_by_hand():
    assert plateau([], 1.0, 0.8, 2) == 1
    assert plateau([3, 2, 2], 1.0, 0.8, 2) == 1
    assert plateau([3, 2, 2, 2.5], 1.0, 0.8, 2) == pytest.approx(0.8)
    # The count starts anew after every reduction and after every better epoch.
    assert plateau([3, 2, 2, 2, 2], 1.0, 0.8, 2) == pytest.approx(0.8)
    assert plateau([3, 2, 2, 2, 2, 2], 1.0, 0.8, 2) == pytest.approx(0.64)
    assert plateau([3, 2, 2, 1, 2], 1.0, 0.8, 2) == 1


def test_the_settings_choose(settings):
    settings |= {"learning_rate": 0.5, "plateau_patience": 1}
    assert learning_rate(settings, 0, 12, []) == pytest.approx(0.25)
    assert learning_rate(settings | {"schedule": "plateau"}, 0, 12, [1, 2]) == pytest.approx(0.4)
    assert learning_rate(settings | {"schedule": "constant"}, 7, 12, [1, 2]) == 0.5
    with pytest.raises(SettingsError, match="schedule is 'step'; wanted one of warmup_cosine"):
        learning_rate(settings | {"schedule": "step"}, 0, 12, [])
