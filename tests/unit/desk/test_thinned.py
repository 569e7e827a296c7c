import pytest
from livedead.desk.thinned import Thinned


@pytest.mark.parametrize("most", [4, 5])
@pytest.mark.parametrize("count", [0, 1, 4, 5, 6, 63, 64, 65, 1000])
def test_points_stay_few_even_and_up_to_the_last(most, count):
    curve = Thinned(most)
    for point in range(count):
        curve.add(point)
    points = curve.points()
    assert len(points) <= most + 1 and curve.count == count
    even = points[:-1] if count and points[-1] % curve.step else points
    assert even == list(range(0, count, curve.step))
    assert points[-1:] == list(range(count))[-1:]
