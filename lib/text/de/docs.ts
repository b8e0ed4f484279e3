import type { Catalogue } from "../catalogue.ts";

export const docs: Catalogue["docs"] = {
  title: "Doku",
  description: "Wie du einen Tab verleihst, ein Programm laufen lässt und einen Client schreibst, und was jedes Wort und jeder Fehler bedeutet.",
  pages: "Seiten der Doku",
  menu: "Alle Seiten",
  onThisPage: "Auf dieser Seite",
  groups: {
    volunteer: "Einen Tab verleihen",
    owner: "Einen Job laufen lassen",
    program: "Ein Programm schreiben",
    operate: "Eine Instanz betreiben",
    reference: "Referenz",
  },
  previous: "Vorige Seite",
  next: "Nächste Seite",
  neighbours: "Vorige und nächste Seite",
  anchor: "Link zu „{heading}“",
  code: "Code {number} von „{page}“",
  table: "Tabelle {number} von „{page}“",
  copy: "Kopieren",
  copied: "Kopiert",
  inEnglish: "Die Seiten der Doku sind auf Englisch.",
  search: {
    label: "Doku durchsuchen",
    loading: "Der Index wird geladen",
    failed: "Die Suche konnte nicht geladen werden. Prüfe deine Verbindung, verlasse das Feld und kehre zurück.",
    found: "Beste Treffer: {count, number}",
    none: "Nichts gefunden zu „{query}“. Versuche ein kürzeres englisches Wort, oder sieh im Glossar nach.",
  },
};
