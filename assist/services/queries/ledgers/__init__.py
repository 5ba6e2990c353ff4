"""What stands in the six ledgers: rows by column key, each batch in a fixed number of statements. Reading only.

Their columns are `services.workbooks.ledger_tables`; who may take them out says `domain.ledgers`.
"""
