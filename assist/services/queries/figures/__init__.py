"""Figures: what each one counts (`facts`, `catalogue`), and rates, trends and lists made from that (`counting`)."""
