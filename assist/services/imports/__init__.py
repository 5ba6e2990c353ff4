"""Taking over what a checked workbook says: the roster (ledger B) and the old ledger of problems (ledger A).

A check reads and writes nothing; taking over writes within the caller's one transaction, all of it or nothing.
"""
