; The installer for Windows, made with Inno Setup 6 after "uv run packaging/build.py" on Windows:
;   iscc /DVersion=0.1.0 packaging\windows\chatdesk.iss
; It puts the bundle in place, lets others through the firewall, and opens chatdesk:// links.

#ifndef Version
  #error Give the version: iscc /DVersion=0.1.0 chatdesk.iss
#endif

[Setup]
AppId={{6E6B1C8E-5B0D-4E5B-9C57-0B7E5C1D2F11}
AppName=ChatDesk
AppVersion={#Version}
DefaultDirName={autopf}\ChatDesk
DisableProgramGroupPage=yes
UninstallDisplayIcon={app}\chatdesk.exe
OutputDir=..\..\dist
OutputBaseFilename=chatdesk-{#Version}-setup
Compression=lzma2
SolidCompression=yes
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible

[Tasks]
Name: firewall; Description: "Let others on this network join the chats that I host (recommended)"

[Files]
Source: "..\..\dist\chatdesk\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion
Source: "firewall.cmd"; DestDir: "{app}"

[Icons]
Name: "{autoprograms}\ChatDesk"; Filename: "{app}\chatdesk.exe"

[Registry]
Root: HKA; Subkey: "Software\Classes\chatdesk"; ValueType: string; ValueData: "URL:ChatDesk"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\chatdesk"; ValueType: string; ValueName: "URL Protocol"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\chatdesk\DefaultIcon"; ValueType: string; ValueData: "{app}\chatdesk.exe,0"
Root: HKA; Subkey: "Software\Classes\chatdesk\shell\open\command"; ValueType: string; ValueData: """{app}\chatdesk.exe"" ""%1"""

[Run]
Filename: "{app}\firewall.cmd"; Parameters: "add"; Flags: runhidden; Tasks: firewall
Filename: "{app}\chatdesk.exe"; Description: "Start ChatDesk"; Flags: postinstall nowait skipifsilent

[UninstallRun]
Filename: "{app}\firewall.cmd"; Parameters: "remove"; Flags: runhidden; RunOnceId: firewall

[Code]
procedure CurUninstallStepChanged(Step: TUninstallStep);
begin
  if Step = usPostUninstall then
    SuppressibleMsgBox('ChatDesk''s chats and settings were left where they are, in ' +
      ExpandConstant('{localappdata}\ChatDesk') + '. Delete this folder to delete what was said.',
      mbInformation, MB_OK, IDOK);
end;
