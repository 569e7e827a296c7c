def pytest_collection_modifyitems(items):
    # Whole runs of Snakemake take minutes each: begun last, one core would wait for them while the others have nothing.
    items.sort(key=lambda item: item.get_closest_marker("workflow") is None)
