import { sanitizeText, truncateText } from '../text/sanitize'

export const MAX_NAME_LENGTH = 60

/**
 * A user's name without what turns it into a link in a mail: URLs, host names and addresses. Mails greet recipients by
 * name, and a sign-up may name another person's address.
 */
export const sanitizeName = (name: string) =>
  truncateText(
    sanitizeText(name)
      .replaceAll(/\w+:\/\/|www\.|(?<=\w)[.@](?=\w{2})/giu, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim(),
    MAX_NAME_LENGTH,
  ).trim()

/** The name of a user who enters none, such as "Ada lovelace" for ada.lovelace@example.com. */
export function nameFromEmail(email: string) {
  const words = sanitizeName(email.split('@')[0]!.replaceAll(/[._+-]+/g, ' '))
  return words.charAt(0).toUpperCase() + words.slice(1)
}
