"""Why a file is not taken, as the second half of a sentence that begins with its name."""

UNSUPPORTED = "不支持这种文件，请上传图片、PDF、Word 或 Excel 文件。"
EMPTY = "是空文件，请检查后重新选择。"
MISMATCH = "文件内容与扩展名不符，可能已损坏或被改过名，请重新选择。"
BROKEN = "文件不完整或已损坏，请重新选择。"
MACRO = "含有宏，为了安全不能上传，请另存为不带宏的文件后再选择。"
LOCKED = "设有打开密码，办理人员无法查看，请取消密码后再选择。"
SWOLLEN = "解压后过大或文件过多，请分开上传里面的文件。"
NESTED = "压缩包套了太多层，请解开后再选择。"
METHOD = "压缩方式无法识别，请用普通的 zip 方式压缩后再选择。"


class BadFile(Exception):
    """One file that cannot be taken; `reason` follows its name."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
