"""A bench world of any size: a small city lived by the services, then multiplied row by row, truthfully.

Here: filling a database in bulk and checking what was filled. Not here: measuring (bench/pages.py), engines (bench/engines.py).

    python -m bench.world --tickets 100000 --database URL
"""
