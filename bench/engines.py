"""Where a bench world lives: a database of either engine, filled once and kept in BENCH_DIR for the next run.

Here: making, finding and keeping the databases. Not here: what they are filled with (bench/world.py).
"""
