import { type Attempt, type AttemptTools, need, opened, soon } from "./attempt.ts";

const SOCKET = /^http/;
/** A path that names its sender, so that a server that hears of it knows what leaked. */
const at = (origin: string, tools: AttemptTools, by: string): string => `${origin}/${tools.mark}/${by}`;
const sentence = (response: Response): string => `${response.type} response ${response.status}`;

function byXhr(url: string): Promise<string> {
  const request = new (need<typeof XMLHttpRequest>("XMLHttpRequest"))();
  request.open("GET", url);
  request.send();
  return opened(request, "load");
}

async function byPeer({ other }: AttemptTools): Promise<string> {
  const { hostname, port } = new URL(other);
  const Peer = need<typeof RTCPeerConnection>("RTCPeerConnection");
  const peer = new Peer({ iceServers: [{ urls: `stun:${hostname}:${port || 3478}` }] });
  peer.createDataChannel("out");
  const found = opened(peer, "icecandidate");
  await peer.setLocalDescription(await peer.createOffer());
  return await found;
}

const network = (name: string, attempt: Attempt["attempt"]): Attempt => ({ name, group: "network", attempt });

/** Ways to send something to a server, or to be told something by one. */
export const NETWORK_ATTEMPTS: readonly Attempt[] = [
  network("fetch(own, { credentials })", async (t) => sentence(await fetch(at(t.own, t, "fetch"), { credentials: "include" }))),
  network("fetch(other)", async (t) => sentence(await fetch(at(t.other, t, "fetch")))),
  network('fetch(other, { mode: "no-cors" })', async (t) => sentence(await fetch(at(t.other, t, "fetch-no-cors"), { mode: "no-cors" }))),
  network("fetch(other, { body, keepalive })", async (t) => {
    return sentence(await fetch(at(t.other, t, "fetch-keepalive"), { method: "POST", body: t.mark, keepalive: true, mode: "no-cors" }));
  }),
  network("XMLHttpRequest(own)", (t) => byXhr(at(t.own, t, "xhr"))),
  network("XMLHttpRequest(other)", (t) => byXhr(at(t.other, t, "xhr"))),
  network("new WebSocket(own)", (t) => opened(new WebSocket(at(t.own, t, "socket").replace(SOCKET, "ws")), "open")),
  network("new WebSocket(other)", (t) => opened(new WebSocket(at(t.other, t, "socket").replace(SOCKET, "ws")), "open")),
  network("new WebSocketStream(other)", (t) => {
    const Stream = need<new (url: string) => { opened: Promise<unknown> }>("WebSocketStream");
    return soon(new Stream(at(t.other, t, "socket-stream").replace(SOCKET, "ws")).opened);
  }),
  network("new EventSource(own)", (t) => opened(new (need<typeof EventSource>("EventSource"))(at(t.own, t, "events")), "open")),
  network("new EventSource(other)", (t) => opened(new (need<typeof EventSource>("EventSource"))(at(t.other, t, "events")), "open")),
  network("new WebTransport(other)", (t) => {
    const Transport = need<new (url: string) => { ready: Promise<unknown> }>("WebTransport");
    return soon(new Transport(at(t.other, t, "transport").replace(SOCKET, "https")).ready);
  }),
  network("navigator.sendBeacon(other)", (t) => {
    if (!need<Navigator["sendBeacon"]>("navigator.sendBeacon").call(navigator, at(t.other, t, "beacon"), t.mark)) throw new Error("it was not sent");
  }),
  network("fetchLater(other)", (t) => need<(url: string, init: unknown) => unknown>("fetchLater")(at(t.other, t, "later"), { activateAfter: 0 })),
  network("new RTCPeerConnection(other)", byPeer),
  network("new FontFace(other)", (t) => soon(new (need<typeof FontFace>("FontFace"))("out", `url("${at(t.other, t, "font")}")`).load())),
  network("new Image(other)", (t) => {
    const image = new (need<typeof Image>("Image"))();
    image.src = at(t.other, t, "image");
    return opened(image, "load");
  }),
];
