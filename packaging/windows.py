"""The version resource, which Windows shows in a program's properties, in PyInstaller's format."""

from project import SUMMARY, VERSION

_RESOURCE = """VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3f, flags=0x0, OS=0x40004, fileType=0x1),
  kids=[
    StringFileInfo([StringTable("040904B0", [
      StringStruct("CompanyName", "ChatDesk"),
      StringStruct("FileDescription", "ChatDesk"),
      StringStruct("Comments", "{summary}"),
      StringStruct("FileVersion", "{version}"),
      StringStruct("InternalName", "chatdesk"),
      StringStruct("OriginalFilename", "chatdesk.exe"),
      StringStruct("ProductName", "ChatDesk"),
      StringStruct("ProductVersion", "{version}"),
    ])]),
    VarFileInfo([VarStruct("Translation", [0x0409, 0x04B0])]),
  ],
)
"""


def version_resource(version: str = VERSION) -> str:
    """Return the resource for a version, padded to the four numbers of Windows."""
    numbers = [*(int(part) for part in version.split(".")), 0, 0, 0][:4]
    return _RESOURCE.format(numbers=tuple(numbers), version=version, summary=SUMMARY)
