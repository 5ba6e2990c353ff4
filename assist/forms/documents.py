"""The form beside a document: its stamped scan. Shape only."""

from assist.forms.fields import Shape, files, unseen


class ScanForm(Shape):
    form_key = unseen()
    files = files("已盖章扫描件")
