import type { Catalogue } from "../catalogue.ts";

export const home: Catalogue["home"] = {
  title: "Viele offene Tabs. Ein Computer, dem du trauen kannst.",
  lead: "Menschen verleihen einen Browser-Tab. Shoal gibt jedem Tab ein kleines Stück einer echten Berechnung, lässt jedes Stück auf unabhängigen Geräten rechnen und behält nur Ergebnisse, die bis aufs Byte übereinstimmen.",
  doors: "Wohin es geht",
  lend: {
    title: "Diesen Tab verleihen",
    text: "Drücke auf Start, und dein Browser rechnet Shards eines Jobs, den jemand braucht.",
    points: ["Kein Konto, keine Installation", "Du wählst, wie viele Kerne", "Stopp gibt alles in einer Sekunde zurück"],
    action: "Tab verleihen",
  },
  run: {
    title: "Ein Programm laufen lassen",
    text: "Bring ein WebAssembly-Programm und seine Eingabe mit, und du bekommst eine geprüfte Datei zurück.",
    points: [
      "Jedes Programm, das unter WASI läuft",
      "Die Eingabe wird für dich in Shards geschnitten",
      "Du zahlst für Ergebnisse, die übereinstimmen, und für nichts sonst",
    ],
    action: "Programm laufen lassen",
  },
  claim: {
    title: "Hol ab, was du verdient hast",
    text: "Jedes geprüfte Ergebnis wird dem Gerät gutgeschrieben, das es berechnet hat. Verknüpfe das Gerät mit deiner Wallet und hol es ab.",
    points: [
      "Erst rechnen, später verknüpfen: nichts geht verloren",
      "Eine Transaktion für alles, was dir zusteht",
      "Ein Beweis, den dein eigener Browser prüft",
    ],
    action: "Deinen Verdienst ansehen",
  },
  shoal: {
    title: "Was gerade gerechnet wird",
    titleEnded: "Was zuletzt gerechnet wurde",
    caption: "Jede Marke ist ein Shard von {jobs}. Sie bewegt sich, wenn sich ihr Zustand ändert, und nur dann.",
    ended: "Jede Marke ist ein Shard von {jobs}, dem Job, der zuletzt zu Ende ging.",
    more: "Zum Netzwerk",
    label: "{all, number} Shards von {jobs}: {counts}.",
    states: {
      waiting: "wartend",
      granted: "in Berechnung",
      reported: "von einem Gerät gemeldet",
      provisional: "brauchbar, noch in Prüfung",
      accepted: "geprüft",
      failed: "ohne Ergebnis",
      wrong: "geprüft gegen ein abweichendes Gerät",
      revoked: "zurückgenommen und neu gerechnet",
    },
  },
  now: {
    title: "Auf dieser Instanz",
    computing: "Geräte, die rechnen",
    jobs: "Laufende Jobs",
    lastHour: "In der letzten Stunde geprüfte Shards",
    total: "Bisher geprüfte Shards",
  },
  how: {
    title: "Wie ein Ergebnis geprüft und bezahlt wird",
    steps: [
      { title: "Schneiden", text: "Deine Eingabe wird in nummerierte Shards geschnitten: Datensätze, Zeilen oder Bereiche." },
      { title: "Zweimal rechnen", text: "Jeder Shard läuft auf unabhängigen Geräten, in einer Sandbox mit fester Uhr und ohne Netzwerk." },
      { title: "Vergleichen", text: "Nur gleiche Bytes zählen. Wo Ausgaben abweichen, werden weitere Geräte gefragt, bis genug übereinstimmen." },
      {
        title: "Zahlen und zusammenfügen",
        text: "Übereinstimmende Geräte werden aus dem bezahlt, was der Auftraggeber zurückgelegt hat. Geprüfte Ausgaben werden eine Datei, in ihrer Reihenfolge.",
      },
    ],
  },
  never: {
    title: "Was es nie tun wird",
    items: [
      "Von selbst anfangen. Nichts läuft, bevor du auf Start drückst, und Stopp heißt Stopp.",
      "Münzen schürfen oder etwas Verstecktes tun. Du siehst, was läuft, für wen und auf wie vielen Kernen.",
      "Deine Dateien, deine anderen Tabs oder dein Netzwerk lesen. Ein Programm sieht seinen Shard und sonst nichts.",
      "Dich verfolgen. Keine Seite lädt etwas von Dritten.",
    ],
  },
};
