"""nginx with Debian's module nchan, C: a channel that passes frames on as they are, without joins, names or numbers."""

import getpass
import os
import socket
import sys
import tempfile
from pathlib import Path

_CONFIGURATION = """
load_module {module};
user {user};
worker_processes 1;
daemon off;
pid {folder}/pid;
error_log {folder}/errors;
worker_rlimit_nofile {files};
events {{ worker_connections {connections}; }}
http {{
  access_log off;
  client_body_temp_path {folder};
  proxy_temp_path {folder};
  fastcgi_temp_path {folder};
  uwsgi_temp_path {folder};
  scgi_temp_path {folder};
  nchan_shared_memory_size 256m;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location = /ws {{
      nchan_pubsub websocket;
      nchan_channel_id lobby;
      nchan_subscriber_first_message newest;
      nchan_message_buffer_length 1000;
    }}
  }}
}}
"""


def main() -> None:
    """Become nginx on a free port, which is opened here: nginx itself cannot choose one, or say when it listens."""
    module, connections = sys.argv[1], int(sys.argv[2])
    folder = Path(tempfile.mkdtemp(dir=os.environ["HOME"]))
    listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
    listener.set_inheritable(True)
    port = listener.getsockname()[1]
    configuration = folder / "nginx.conf"
    files = connections + 200
    values = {"user": getpass.getuser(), "module": module, "folder": folder, "port": port}
    configuration.write_text(_CONFIGURATION.format(connections=files, files=files, **values))
    print(f"http://127.0.0.1:{port}", flush=True)
    environment = {**os.environ, "NGINX": f"{listener.fileno()};"}
    os.execvpe("nginx", ["nginx", "-p", str(folder), "-c", str(configuration)], environment)


if __name__ == "__main__":
    main()
