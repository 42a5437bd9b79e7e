import type { RequestHandler } from '../request-handler'

/** Answers 400 to a URL that is not valid percent-encoding or contains NUL, which no later handler expects. */
export const rejectUndecodableUrl: RequestHandler = {
  matches: ({ url = '' }) => !isDecodable(url),
  handle: (_request, response) => response.writeHead(400).end(),
}

function isDecodable(url: string) {
  try {
    return !decodeURIComponent(url).includes('\0')
  } catch {
    return false
  }
}
