import type { IncomingMessage } from 'node:http'

const PATTERNS = {
  br: /\bbr\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/,
  gzip: /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/,
}

/** Whether `Accept-Encoding` names an encoding, with any weight but 0. */
export const acceptsEncoding = ({ headers }: IncomingMessage, encoding: keyof typeof PATTERNS) =>
  PATTERNS[encoding].test(String(headers['accept-encoding'] ?? ''))
