"""A bot that tells the time when somebody writes !time: python bot.py ws://192.168.4.20:8080/ws"""

import json
import sys
import time

from websockets.sync.client import connect

with connect(sys.argv[1], proxy=None) as chat:
    chat.send(json.dumps({"type": "join", "nickname": "Clock", "client": "bot"}))
    for event in map(json.loads, chat):
        if event["type"] == "message" and event["content"].startswith("!time"):
            chat.send(json.dumps({"type": "message", "content": time.strftime("It is %H:%M."), "room": event["room"]}))
