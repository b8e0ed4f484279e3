import { NOTICE_KINDS } from "#lib/domain/notice/notice.ts";
import type { PushMessage } from "#lib/protocol/push/push-message.ts";
import type { Catalogue } from "#lib/text/catalogue.ts";
import { errors as errorsDe } from "#lib/text/de/errors.ts";
import { notices as noticesDe } from "#lib/text/de/notices.ts";
import { states as statesDe } from "#lib/text/de/states.ts";
import { errors as errorsEn } from "#lib/text/en/errors.ts";
import { notices as noticesEn } from "#lib/text/en/notices.ts";
import * as statesEn from "#lib/text/en/states.ts";
import { isLanguage, LANGUAGES, type Language } from "#lib/text/languages.ts";
import { sayNotice } from "#lib/text/say-notice.ts";
import { createWords } from "#lib/text/words.ts";

/** What a browser shows. The same `tag` replaces what is shown. */
export type ShownNotice = { title: string; body: string; tag: string; lang: string };

/** Only what is said of notices: a service worker is loaded to say it. */
const SECTIONS: Readonly<Record<Language, Pick<Catalogue, "notices" | "errors" | "states">>> = {
  en: { notices: noticesEn, errors: errorsEn, states: statesEn },
  de: { notices: noticesDe, errors: errorsDe, states: statesDe },
};

/** A message in words of its language; of one that this version does not know, that there is something to look at. */
export function describeMessage(message: PushMessage | null): ShownNotice {
  const language = isLanguage(message?.language) ? message.language : LANGUAGES[0];
  const words = createWords(language, SECTIONS[language]);
  if (!isKnown(message)) return { title: words.text.notices.unknown, body: "", tag: "unknown", lang: language };
  const { title, text } = sayNotice(words, message);
  return { title, body: text, tag: message.tag, lang: language };
}

/** The page that a message leads to: that of its job, or the feed. */
export function pageOf(message: PushMessage | null): string {
  return isKnown(message) && /^job_[0-9a-f]{32}$/.test(message.job.id) ? `/jobs/${message.job.id}` : "/notifications";
}

function isKnown(message: PushMessage | null): message is PushMessage {
  return message?.version === 1 && NOTICE_KINDS.includes(message.kind) && typeof message.job?.id === "string";
}
