"""Excel as offices send it: a workbook in, typed rows and faults out, and the same workbook back with its faults.

Pure functions: no database, no clock. What is known beforehand comes as `dictionaries.Dictionaries`; writing the
good rows to the database is the caller's part.
"""
