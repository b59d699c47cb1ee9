#!/bin/bash
# The profile for nicknames of RFC 8266 respells Thai and Lao names: its normalisation is NFKC, which takes the vowel
# SARA AM (U+0E33) apart into NIKHAHIT and SARA AA. A tone mark that stood before the vowel then stands before the nikhahit,
# where in Thai it belongs behind it: "water", a common part of names, comes back in an order that nobody types, and that
# fonts draw with the circle above the tone mark.
#
# NFC leaves the vowel whole, and the profile for passwords (RFC 8265), which uses it, gives back what was typed. One would
# have guessed that a profile for what is shown does so first of all.
# The way out: normalise to NFKC around this vowel and its Lao twin U+0EB3, and compare by keys that are never shown.
# Seen with precis-i18n 1.1.2 on CPython 3.11 to 3.13 (Unicode 14 to 15.1); it is Unicode's table, so other libraries
# that follow the RFC do the same.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check precis-i18n==1.1.2
cat > thai.py <<'PYTHON'
import sys
import unicodedata

import precis_i18n

typed = "\u0e19\u0e49\u0e33"  # NO NU, tone mark MAI THO, SARA AM: water
shown = precis_i18n.get_profile("NicknameCasePreserved").enforce(typed)
secret = precis_i18n.get_profile("OpaqueString").enforce(typed)
print("Python", sys.version.split()[0], "Unicode", unicodedata.unidata_version, "precis-i18n", precis_i18n.__version__)
for name, text in (("typed", typed), ("as a nickname", shown), ("as a password", secret)):
    print(f"{name:>14}: {text}  {' '.join(f'U+{ord(char):04X}' for char in text)}")
assert secret == typed, "NFC has changed, too"
assert shown == "\u0e19\u0e49\u0e4d\u0e32", "the nickname is another one by now"
assert shown != typed
assert unicodedata.normalize("NFC", shown) == shown, "NFC puts it together again"
lao = precis_i18n.get_profile("NicknameCasePreserved").enforce("\u0e99\u0ec9\u0eb3")
assert lao == "\u0e99\u0ec9\u0ecd\u0eb2", "Lao is left alone by now"
PYTHON
venv/bin/python thai.py
echo "The profile for nicknames respells Thai and Lao names."
