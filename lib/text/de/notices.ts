import type { Catalogue } from "../catalogue.ts";

export const notices: Catalogue["notices"] = {
  title: "Benachrichtigungen",
  lead: "Was aus deinen Jobs wurde, während du woanders warst.",
  loading: "Benachrichtigungen werden geladen",
  empty: "Noch gibt es nichts zu melden.",
  emptyText:
    "Wenn ein Job von dir endet, anhält, ihm das Geld ausgeht, seine Auswertung fehlschlägt oder Ergebnisse berichtigt werden, steht es hier, und die Glocke zeigt es.",
  emptyAction: "Zu deinen Jobs",
  unread: "Ungelesen",
  read: "Als gelesen markieren",
  readThis: "Als gelesen markieren: {what}",
  readAll: "Alle als gelesen markieren",
  more: "Ältere zeigen",
  shared: "Mit dir geteilt",
  kept: "90 Tage aufbewahrt, höchstens 200 von eigenen Jobs und 50 von denen anderer.",
  titles: {
    done: "„{job}“ ist fertig",
    stopped: "„{job}“ hat angehalten",
    budget_low: "Das Budget von „{job}“ ist knapp",
    reducer_failed: "Die Auswertung von „{job}“ ist fehlgeschlagen",
    corrected: "Ergebnisse von „{job}“ wurden berichtigt",
    taken_down: "„{job}“ wurde beendet",
  },
  doneText: "Jeder Shard hat seine endgültige Entscheidung.",
  budgetLeft: "Von {budget, money} sind noch {left, money} frei, weniger, als der Rest noch kostet. Erhöhe das Budget, damit er weiterläuft.",
  budgetSpent:
    "Was reserviert ist, reicht für keinen weiteren Shard, deshalb wartet der Job. Erhöhe das Budget, damit er weiterläuft, oder brich ihn ab und bekomme den Rest zurück.",
  corrected: { one: "geprüfter Shard war falsch", other: "geprüfte Shards waren falsch" },
  correctedText: "{shards}. Sie wurden samt Bezahlung zurückgenommen und werden neu berechnet; hole das Ergebnis noch einmal.",
  cancelledByOther: "Jemand, der den Job verwalten darf, hat ihn abgebrochen. Was nicht ausgegeben war, wurde zurückgezahlt.",
  unknown: "Es gibt Neues über deine Jobs",
  push: {
    title: "Diesen Browser benachrichtigen",
    lead: "Dasselbe erreicht dich, während keine Seite dieser Instanz offen ist. Der Hersteller deines Browsers reicht es weiter und kann es nicht lesen.",
    start: "Diesen Browser benachrichtigen",
    starting: "Warten auf deine Antwort",
    stop: "Diesen Browser nicht mehr benachrichtigen",
    off: "Diese Instanz schickt Browsern nichts; das muss ihr Betreiber einrichten.",
    notAble:
      "Dieser Browser lässt sich nicht benachrichtigen. Auf iPhone und iPad füge die Seite erst zum Home-Bildschirm hinzu; sonst öffne sie über https in einem Fenster, das nicht privat ist.",
    problems: {
      denied:
        "Dein Browser lässt diese Seite keine Benachrichtigungen zeigen. Erlaube es in den Einstellungen der Seite neben der Adresse und drücke noch einmal.",
      unreachable: "Dein Browser konnte den Dienst nicht erreichen, über den sein Hersteller Nachrichten weiterreicht. Manche Browser und Netze haben keinen.",
      failed: "Dein Browser konnte den Teil nicht starten, der Nachrichten empfängt. Lade die Seite neu und drücke noch einmal.",
    },
    here: "Dieser Browser",
    since: "benachrichtigt seit",
    remove: "Entfernen",
    removeThis: "Den Browser bei {service} entfernen",
  },
  settings: {
    title: "Was du erfährst",
    lead: "Was du hier abschaltest, erreicht auch die Glocke nicht.",
    push: "Auch an Browser",
    pushOf: "Auch an Browser: {topic}",
    topics: {
      done: { name: "Fertig", text: "Ein Job hat alle endgültigen Entscheidungen." },
      stopped: { name: "Angehalten", text: "Ein Job ist fehlgeschlagen, jemand anderes hat ihn abgebrochen, oder ein Betreiber hat ihn angehalten." },
      budget_low: { name: "Budget knapp", text: "Einem Job geht bald das Geld aus, oder es ist aus." },
      reducer_failed: { name: "Auswertung fehlgeschlagen", text: "Dein eigenes Auswerteprogramm endete mit einem Fehler; die Ausgaben sind weiter zu haben." },
      corrected: { name: "Ergebnis berichtigt", text: "Ergebnisse, die du vielleicht schon geholt hast, waren falsch." },
      taken_down: { name: "Vom Betreiber beendet", text: "Ein Betreiber hat einen Job beendet." },
      shared: { name: "Jobs anderer", text: "All das auch für Jobs, die andere mit dir geteilt haben." },
    },
  },
};
