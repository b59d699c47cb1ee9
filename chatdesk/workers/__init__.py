"""Several processes of one machine as one chat, at one address. See README.md."""
