import { type Attempt, type AttemptTools, blobUrl, dataUrl, need, opened } from "./attempt.ts";

const SPEAKS = "postMessage(1)";
/** Runs in a worker made by a worker: says what it reached, or that it reached nothing. */
const nestedFetch = ({ other, mark }: AttemptTools): string =>
  `fetch(${JSON.stringify(`${other}/${mark}/nested`)},{mode:"no-cors"}).then(()=>postMessage("out"),()=>setTimeout(()=>{throw "refused"}))`;

const script = (origin: string, { mark }: AttemptTools, by: string): string => `${origin}/${mark}/${by}.js`;

/** The bundler must not see these imports: their addresses exist only when they run. */
const load = async (url: string): Promise<string> => {
  await import(/* webpackIgnore: true */ /* turbopackIgnore: true */ url);
  return "a module";
};

const runs = (url: string): Promise<string> => opened(new (need<typeof Worker>("Worker"))(url), "message");

async function registers(url: string): Promise<string> {
  const registration = await need<ServiceWorkerContainer>("navigator.serviceWorker").register(url);
  return registration.scope;
}

async function shares(url: string): Promise<string> {
  const worker = new (need<typeof SharedWorker>("SharedWorker"))(url);
  worker.port.start();
  return await opened(worker.port, "message");
}

async function byTimer(): Promise<string> {
  const scope = globalThis as { escaped?: boolean };
  // What a timer is given as text it compiles; the types know only functions.
  setTimeout("globalThis.escaped = true" as unknown as () => void);
  await new Promise((resolve) => setTimeout(resolve, 50));
  if (!scope.escaped) throw new Error("the text did not run");
  return "the text ran";
}

const code = (name: string, attempt: Attempt["attempt"]): Attempt => ({ name, group: "code", attempt });

/** Ways to run code that is not in the sandbox's own script, or to ask a server for it. */
export const CODE_ATTEMPTS: readonly Attempt[] = [
  code("importScripts(own)", (t) => importScripts(script(t.own, t, "import-scripts"))),
  code("importScripts(own + ?secret)", (t) => importScripts(`${script(t.own, t, "import-scripts")}?secret`)),
  code("importScripts(other)", (t) => importScripts(script(t.other, t, "import-scripts"))),
  code("importScripts(blob)", () => importScripts(blobUrl(""))),
  code("importScripts(data)", () => importScripts(dataUrl(""))),
  code("import(own)", (t) => load(script(t.own, t, "import"))),
  code("import(other)", (t) => load(script(t.other, t, "import"))),
  code("import(blob)", () => load(blobUrl("export default 1"))),
  code("import(data)", () => load(dataUrl("export default 1"))),
  // biome-ignore lint/security/noGlobalEval: that it is refused is what is tried
  code("eval(text)", () => globalThis.eval("1 + 1")),
  code("new Function(text)", () => new Function("return 1 + 1")()),
  code("setTimeout(text)", byTimer),
  code("new Worker(own)", (t) => runs(script(t.own, t, "worker"))),
  code("new Worker(other)", (t) => runs(script(t.other, t, "worker"))),
  code("new Worker(blob)", () => runs(blobUrl(SPEAKS))),
  // The frame's own policy allows data: workers, so a nested one starts; it stands behind the same wall.
  code("new Worker(data) + fetch(other)", (t) => runs(dataUrl(nestedFetch(t)))),
  code("new SharedWorker(own)", (t) => shares(script(t.own, t, "shared-worker"))),
  code("navigator.serviceWorker.register(own)", (t) => registers(script(t.own, t, "service-worker"))),
];
