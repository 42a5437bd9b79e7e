import { globSync, readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import path from 'node:path'
import { acceptsEncoding } from '../middleware/accepts-encoding'
import type { RequestHandler } from '../request-handler'

const CONTENT_TYPES: Record<string, string> = {
  '.js': 'application/javascript; charset=UTF-8',
  '.css': 'text/css; charset=UTF-8',
}

/**
 * Serves the scripts and styles that `buildWeb` compressed with Brotli, from memory, to clients that accept it. Next.js
 * serves the others.
 */
export function createStaticHandler(buildDir: string): RequestHandler {
  const files = new Map(
    globSync('static/**/*.br', { cwd: buildDir }).map((file) => [
      `/_next/${file.slice(0, -'.br'.length)}`,
      readFileSync(path.join(buildDir, file)),
    ]),
  )
  return {
    matches: (request) => files.has(request.url ?? '') && isRead(request) && acceptsEncoding(request, 'br'),
    handle({ url = '', method }, response) {
      const bytes = files.get(url)!
      // Connections of HTTP/1.1 persist without a header that says so.
      response.removeHeader('connection')
      response.writeHead(200, {
        'content-type': CONTENT_TYPES[path.extname(url)],
        'content-encoding': 'br',
        'content-length': bytes.length,
        'cache-control': 'public, max-age=31536000, immutable',
        vary: 'accept-encoding',
      })
      response.end(method === 'HEAD' ? undefined : bytes)
    },
  }
}

const isRead = ({ method }: IncomingMessage) => method === 'GET' || method === 'HEAD'
