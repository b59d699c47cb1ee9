@echo off
rem Lets others on this network reach the chats that this computer hosts, or takes that back. Run it as administrator:
rem   firewall.cmd add
rem   firewall.cmd remove
rem Networks that Windows calls public stay closed; set yours to private where everybody on it may join.
setlocal
set PROGRAM=%~dp0chatdesk.exe
netsh advfirewall firewall delete rule name="ChatDesk" program="%PROGRAM%" >nul 2>&1
if "%1"=="remove" exit /b 0
netsh advfirewall firewall add rule name="ChatDesk" dir=in action=allow profile=private,domain program="%PROGRAM%" ^
  description="Others on this network join the chats that this computer hosts."
