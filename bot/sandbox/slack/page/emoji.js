// Emoji by shortcode: those that operations channels use, under Slack's names.

import EMOJI from "./emoji.json" with { type: "json" };

/** The character of a shortcode (without colons; a skin tone is dropped), or undefined. */
export function emoji(name) {
  const base = name.split("::")[0];
  return Object.hasOwn(EMOJI, base) ? EMOJI[base] : undefined;
}
