"""Synthetic fluorescence frames with known nuclei."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage as ndi

SETTINGS = {
    "lowpass_sigma_um": 0.8,
    "background_window_um": 60,
    "threshold_fraction": 0.35,
    "min_area_um2": 40,
    "max_area_um2": 1500,
    "split_distance_um": 6,
    "dead_ratio": 0.35,
    "max_edge_um": 7,
    "min_contrast": 0.1,
}


@dataclass
class Body:
    """One ellipse: centre, semi-axes (um), angle (rad), brightness of both stains (electrons), blur (um)."""

    y: float
    x: float
    a: float
    b: float
    angle: float
    blue: float
    green: float
    blur: float = 0.4
    nucleus: bool = True


def draw(bodies, side_um=140.0, pixel_um=0.65, *, background=150.0, gradient=0.5, seed=0, offset=100.0):
    """Return uint16 NucBlue, NucGreen and the map of true nuclei (later bodies lie on top)."""
    rng = np.random.default_rng(seed)
    n = round(side_um / pixel_um)
    y, x = np.indices((n, n)) * pixel_um
    truth = np.zeros((n, n), dtype=int)
    light = {"blue": np.zeros((n, n)), "green": np.zeros((n, n))}
    for body in bodies:
        dy, dx = y - body.y, x - body.x
        u = dx * np.cos(body.angle) + dy * np.sin(body.angle)
        v = -dx * np.sin(body.angle) + dy * np.cos(body.angle)
        inside = (u / body.a) ** 2 + (v / body.b) ** 2 <= 1
        texture = 1 + 0.12 * ndi.gaussian_filter(rng.standard_normal((n, n)), 1.5 / pixel_um) * 5 / pixel_um
        for name in light:
            patch = inside * getattr(body, name) * np.clip(texture, 0.5, 1.6)
            light[name] += ndi.gaussian_filter(patch, body.blur / pixel_um)
        if body.nucleus:
            truth[inside] = bodies.index(body) + 1
    falloff = 1 - gradient * ((y - side_um / 2) ** 2 + (x - side_um / 2) ** 2) / (side_um**2 / 2)
    frames = []
    for name, level in (("blue", background), ("green", background / 2)):
        electrons = rng.poisson(falloff * (light[name] + level))
        frames.append(np.clip(electrons + offset + rng.normal(0, 3, (n, n)), 0, 65535).astype(np.uint16))
    return *frames, truth


def crowd(seed, side_um=140.0, count=28, dead_fraction=0.4, glow=2, debris=8):
    """Draw a random field: ellipses that may touch but hardly overlap, dead ones small and bright."""
    rng = np.random.default_rng(seed)
    bodies = []
    for _ in range(count * 200):
        if len(bodies) == count:
            break
        dead = rng.random() < dead_fraction
        a = rng.uniform(4.5, 6.5) if dead else rng.uniform(7, 10)
        b = a * rng.uniform(0.7, 1.0)
        y, x = rng.uniform(-2, side_um + 2, 2)
        if any(np.hypot(y - o.y, x - o.x) < 0.92 * (np.sqrt(a * b) + np.sqrt(o.a * o.b)) for o in bodies):
            continue
        blue = rng.uniform(700, 2500) if dead else rng.uniform(250, 700)
        green = blue * (rng.uniform(0.6, 1.2) if dead else rng.uniform(0.02, 0.12))
        bodies.append(Body(y, x, a, b, rng.uniform(0, np.pi), blue, green))
    for _ in range(debris):
        y, x = rng.uniform(0, side_um, 2)
        if all(np.hypot(y - o.y, x - o.x) > 12 for o in bodies):
            bodies.append(Body(y, x, 1.2, 1.0, 0, 600, 300, nucleus=False))
    for _ in range(glow):
        y, x = rng.uniform(0, side_um, 2)
        bodies.append(Body(y, x, 9, 9, 0, 350, 250, blur=12, nucleus=False))
    return bodies


def recovered(truth, instances, states, bodies, min_px=40):
    """Count true nuclei, those found one-to-one (IoU >= 0.5), right states among them, and false objects."""
    n_true, n_found = truth.max(initial=0), int(instances.max(initial=0))
    table = np.bincount((truth * (n_found + 1) + instances).ravel(), minlength=(n_true + 1) * (n_found + 1))
    table = table.reshape(n_true + 1, n_found + 1)
    union = table.sum(1, keepdims=True) + table.sum(0, keepdims=True) - table
    iou = (table / np.maximum(union, 1))[1:, 1:]
    large = table.sum(1)[1:] >= min_px
    best = iou.max(axis=1, initial=0)
    hit = large & (best >= 0.5)
    which = iou.argmax(axis=1) if n_found else np.zeros(n_true, dtype=int)
    dead = np.array([body.green > 0.35 * body.blue for body in bodies[:n_true]])
    right = sum((states[which[i]] == 2) == dead[i] for i in np.flatnonzero(hit))
    false = int((table[0, 1:] > 0.5 * table.sum(0)[1:]).sum())
    return int(large.sum()), int(hit.sum()), int(right), false, best[hit].mean() if hit.any() else np.nan
