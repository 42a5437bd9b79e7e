import { toPrintableJson } from '../text/printable-json'

/** A request of the API, as pages send it. */
export interface CurlRequest {
  url: string
  /** `GET` unless given. */
  method?: string
  headers?: Record<string, string>
  body?: object
  /** Name of a file of the user that is sent as the body, in place of `body`. */
  file?: string
}

/** Fields whose values stay out of the history of a shell. */
const SECRET_FIELDS = ['identity', 'passphrase', 'password', 'secretAccessKey', 'sessionToken', 'token']

/** The variable that holds the API key, as for the command line tool. */
const KEY_HEADER = '"Authorization: Bearer $MEANWHILE_API_KEY"'

/**
 * The curl command that sends a request with an API key, for POSIX shells. Everything that comes from users is inside
 * single quotes, in which no character but the quote has a meaning.
 */
export function toCurlCommand(
  { url, method = 'GET', headers = {}, body, file }: CurlRequest,
  origin: string,
) {
  // `--globoff`: brackets in a URL are no pattern. `--data-raw`: a leading @ names no file.
  const parts = [
    `curl --fail-with-body --globoff -X ${method} ${quoteForShell(new URL(url, origin).href)}`,
    `-H ${KEY_HEADER}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoteForShell(`${name}: ${value}`)}`),
    ...(body ? [`-H 'Content-Type: application/json'`, `--data-raw ${quoteForShell(toSafeJson(body))}`] : []),
    ...(file ? [`-T ${quoteForShell(file)}`] : []),
  ]
  return parts.join(' \\\n  ')
}

/** Quotes text as one word of a POSIX shell. */
export const quoteForShell = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`

/** JSON with placeholders for secrets, for a terminal that the command is pasted into. */
const toSafeJson = (body: object) =>
  toPrintableJson(body, (key, value: unknown) =>
    SECRET_FIELDS.includes(key) && value ? `YOUR_${key.replaceAll(/[A-Z]/g, '_$&').toUpperCase()}` : value,
  )
