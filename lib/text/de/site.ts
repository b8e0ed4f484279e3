import type { Catalogue } from "../catalogue.ts";

export const site: Catalogue["site"] = {
  name: "Shoal",
  tagline: "Offene Browser-Tabs, ein geprüfter Computer",
  description: "Shoal macht aus offenen Browser-Tabs einen geprüften, bezahlten Rechenverbund.",
  skip: "Zum Inhalt",
  nav: {
    label: "Hauptmenü",
    lend: { name: "Tab verleihen", short: "Tab" },
    jobs: { name: "Programm laufen lassen", short: "Jobs" },
    docs: { name: "Doku", short: "Doku" },
    network: { name: "Netzwerk", short: "Netzwerk" },
    privacy: { name: "Datenschutz" },
    terms: { name: "Nutzungsregeln" },
  },
  footer: "Dein Tab rechnet erst, wenn du auf Start drückst, und hört auf, wenn du auf Stopp drückst oder ihn schließt.",
  language: "Sprache",
  theme: { label: "Farben", system: "wie dein System", light: "hell", dark: "dunkel" },
  loading: "Wird geladen",
  retry: "Noch einmal versuchen",
  offline: "Die Instanz ist nicht erreichbar. Was du siehst, ist vielleicht alt.",
  unreachable: "Die Instanz ist nicht erreichbar. Prüfe deine Verbindung und versuche es noch einmal.",
  noConnection: "Du bist offline. Was du siehst, kann veraltet sein; es wird aufgefrischt, sobald die Verbindung wieder da ist.",
  messages: "Meldungen",
  dismiss: "Meldung schließen",
};

export const notFound: Catalogue["notFound"] = {
  title: "Hier ist nichts",
  text: "Die Adresse stimmt nicht, oder was dort liegt, gehört jemand anderem. Dinge anderer sehen genauso aus wie Dinge, die es nicht gibt.",
  home: "Zum Anfang",
  jobs: "Zu deinen Jobs",
};

export const broken: Catalogue["broken"] = {
  title: "Diese Seite konnte nicht geladen werden",
  text: "Bei uns ist etwas schiefgegangen. Ein neuer Versuch hilft vielleicht. Wenn es bleibt, nenne dem Betreiber die Referenz.",
  reference: "Referenz: {reference}",
};
