import { z } from 'zod'
import { requireAuthentication, toActor } from '@/lib/accounts/authenticate'
import { findExportFile } from '@/lib/accounts/exports'
import { findArchiveFile } from '@/lib/archives/queries'
import { recordAuditedAccess } from '@/lib/audit/commands'
import { db } from '@/lib/database/db'
import { notFound } from '@/lib/errors'
import { serveFile } from '../media/serve-file'
import { sendProblem } from '../problem-details'
import type { RequestHandler } from '../request-handler'
import { toWebHeaders } from '../to-web-headers'

const EXPORT_URL = /^\/api\/v1\/(account\/exports|archives)\/([^/?]+)\/file\/?(?:\?|$)/

/**
 * `GET /api/v1/account/exports/ID/file`, the archive of an export, and `GET /api/v1/archives/ID/file`, an encrypted archive,
 * for their owner. Bypasses Next.js like `mediaHandler`, for ranges and backpressure.
 */
export const exportHandler: RequestHandler = {
  matches: ({ method, url = '' }) => (method === 'GET' || method === 'HEAD') && EXPORT_URL.test(url),
  async handle(request, response) {
    try {
      const headers = toWebHeaders(request)
      const user = await requireAuthentication(headers, 'all')
      const [, folder, part] = EXPORT_URL.exec(request.url!)!
      const type = folder === 'archives' ? 'archive' : 'export'
      const id = z.uuid().safeParse(part)
      if (!id.success) throw notFound(type)
      const target = { id: id.data, ownerId: user.id }
      const { key, createdAt } = await (type === 'archive' ? findArchiveFile : findExportFile)(db(), target)
      await recordAuditedAccess(db(), {
        action: type === 'archive' ? 'archive.downloaded' : 'account.export_downloaded',
        subject: { type, id: id.data },
        actor: toActor(user, headers),
      })
      const date = createdAt.toISOString().slice(0, 10)
      const downloadAs = type === 'archive' ? `meanwhile-${date}.tar.age` : `meanwhile-export-${date}.zip`
      await serveFile({ request, response, key, downloadAs })
    } catch (error) {
      if (response.headersSent) return response.destroy()
      await sendProblem(response, error)
    }
  },
}
