import type { ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { requireAuthentication } from '@/lib/accounts/authenticate'
import { db } from '@/lib/database/db'
import { spendRateLimit } from '@/lib/rate-limits/spend-rate-limit'
import { configuredStorage } from '@/lib/storage/configured-storage'
import { sourcesQuerySchema } from '@/lib/videos/bulk-schema'
import { listSources } from '@/lib/videos/list-sources'
import { openSourcesArchive } from '@/lib/videos/sources-archive'
import { attachmentDisposition } from '../content-disposition'
import { sendProblem } from '../problem-details'
import type { RequestHandler } from '../request-handler'
import { toWebHeaders } from '../to-web-headers'

const SOURCES_URL = /^\/api\/v1\/sources(?:\?|$)/
const MAX_PER_MINUTE = 20

/**
 * `GET /api/v1/sources?ids=`: the uploaded files as one archive, which is created while it is sent. Bypasses Next.js
 * like `mediaHandler`, for backpressure and a length by which browsers show progress.
 */
export const sourcesHandler: RequestHandler = {
  matches: ({ method, url = '' }) => (method === 'GET' || method === 'HEAD') && SOURCES_URL.test(url),
  async handle(request, response) {
    try {
      const { id: ownerId } = await requireAuthentication(toWebHeaders(request), 'read')
      const { searchParams } = new URL(request.url!, 'http://localhost')
      const { ids } = sourcesQuerySchema.parse(Object.fromEntries(searchParams))
      await spendRateLimit(db(), { ownerId, action: 'videos.sources', perMinute: MAX_PER_MINUTE })
      const files = await listSources(db(), { ownerId, ids })
      const { sizeBytes, archive } = await openSourcesArchive(await configuredStorage(), files)
      setHeaders(response, sizeBytes)
      if (request.method === 'HEAD') {
        archive.destroy()
        return void response.end()
      }
      await send(archive, response)
    } catch (error) {
      if (response.headersSent || response.destroyed) return response.destroy()
      await sendProblem(response, error)
    }
  },
}

function setHeaders(response: ServerResponse, sizeBytes: number) {
  const day = new Date().toISOString().slice(0, 10)
  response.setHeader('content-type', 'application/zip')
  response.setHeader('content-length', sizeBytes)
  response.setHeader('cache-control', 'private, no-store')
  response.setHeader('content-disposition', attachmentDisposition(`videos-${day}.zip`))
}

const send = (archive: Readable, response: ServerResponse) =>
  pipeline(archive, response).catch((error: NodeJS.ErrnoException) => {
    // The user has canceled the download.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  })
