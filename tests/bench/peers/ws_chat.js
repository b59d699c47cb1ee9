// A chat on Node's `ws`.
"use strict";

const { WebSocketServer } = require("ws");

const members = new Set();
let seq = 0;

function deliver(nickname, content) {
  const message = { type: "message", nickname, content, timestamp: new Date().toISOString(), room: "lobby", seq: ++seq };
  const data = Buffer.from(JSON.stringify(message));
  for (const member of members) {
    member.send(data, { binary: false });
  }
}

const options = { host: "127.0.0.1", port: 0, backlog: 4096, perMessageDeflate: false };
const server = new WebSocketServer(options, () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});

server.on("connection", (socket) => {
  let nickname = null;
  socket.on("message", (data) => {
    const command = JSON.parse(data);
    if (nickname === null) {
      nickname = command.nickname;
      socket.send(JSON.stringify({ type: "welcome", nickname }));
      members.add(socket);
    } else {
      deliver(nickname, command.content);
    }
  });
  socket.on("close", () => members.delete(socket));
  socket.on("error", () => {});
});
