import type { Catalogue } from "../catalogue.ts";

export const status: Catalogue["status"] = {
  title: "Status",
  lead: "Ob diese Instanz funktioniert, nach ihrer eigenen Auskunft. Sie wird alle zehn Sekunden neu gefragt.",
  loading: "Die Instanz wird gefragt",
  silent: "Keine Antwort",
  silentMeaning:
    "Diese Seite konnte die Instanz nicht fragen. Wenn deine Verbindung geht, geht die Instanz nicht. Tabs behalten, was sie gerechnet haben, und senden es später.",
  statuses: {
    up: { label: "Alles funktioniert", meaning: "Jobs werden gerechnet, geprüft und bezahlt." },
    degraded: {
      label: "Funktioniert, mit Störungen",
      meaning: "Ein Teil ist im Rückstand oder gestört, wie du unten lesen kannst. Was im Rückstand ist, wird nachgeholt; nichts geht verloren.",
    },
    down: { label: "Funktioniert nicht", meaning: "Tabs behalten, was sie gerechnet haben, und senden es, sobald die Instanz wieder funktioniert." },
    stopped: {
      label: "Von ihren Betreibern angehalten",
      meaning: "Es wird nichts zum Rechnen ausgegeben, bis sie weitermachen. Jobs, Geld und Ergebnisse bleiben, wie sie sind.",
    },
  },
  checked: "Geprüft",
  stopped: "Angehalten",
  partsTitle: "Teile",
  parts: {
    database: { name: "Datenbank", meaning: "Bewahrt Jobs, Ergebnisse und die Bücher auf." },
    background: { name: "Hintergrundarbeit", meaning: "Entscheidet über Ergebnisse, die warten, und räumt auf." },
    chain: { name: "Blockchain", meaning: "Einzahlungen und Auszahlungen werden gesehen." },
    payouts: { name: "Auszahlungen", meaning: "Was verdient ist, kommt auf die Chain." },
  },
  partStates: { ok: "funktioniert", late: "im Rückstand", failed: "gestört", absent: "hat diese Instanz nicht" },
  lastWell: "funktionierte",
  incidents: {
    title: "Was die Betreiber mitteilen",
    none: "Nichts in den letzten zwei Wochen.",
    kinds: { notice: "Gut zu wissen", degraded: "Funktioniert schlechter", down: "Funktioniert nicht" },
    ongoing: "dauert an",
    began: "Begann",
    ended: "endete",
  },
  figures: {
    title: "Zahlen",
    computing: "Geräte, die rechnen",
    lastHour: "In der letzten Stunde geprüfte Shards",
    total: "Bisher geprüfte Shards",
    unknown: "nicht bekannt",
    more: "Alle Zahlen des Netzwerks",
  },
};
