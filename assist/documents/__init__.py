"""The .docx templates and what fills them. `paper.docx` is drawn by `drawing`; an office may edit it in Word."""

from pathlib import Path

TEMPLATE = Path(__file__).with_name("paper.docx")
WIDTH = 156  # millimetres between the margins of GB/T 9704: 28 left, 26 right
