import { OFFLINE_SCRIPT } from "./feedback/offline-script.ts";
import { THEME_SCRIPT } from "./theme/theme.ts";

/**
 * The one script that we write into pages ourselves; it runs before the first paint and before every other script. It sets the theme, watches the connection, and tells the library
 * that checks answers not to try whether it may turn text into code: the page's policy refuses that, and would report the question.
 */
export const FIRST_SCRIPT = `${THEME_SCRIPT}${OFFLINE_SCRIPT}globalThis.__zod_globalConfig={jitless:true};`;
