"""Side-by-side measurements of speed: `make bench`. No test limits a time; these say how fast things are."""
