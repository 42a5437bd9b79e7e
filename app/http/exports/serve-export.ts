import { z } from 'zod'
import { requireAuthentication, toActor } from '@/lib/accounts/authenticate'
import { findArchive } from '@/lib/accounts/exports'
import { recordAuditedAccess } from '@/lib/audit/commands'
import { db } from '@/lib/database/db'
import { notFound } from '@/lib/errors'
import { serveFile } from '../media/serve-file'
import { sendProblem } from '../problem-details'
import type { RequestHandler } from '../request-handler'
import { toWebHeaders } from '../to-web-headers'

const EXPORT_URL = /^\/api\/v1\/account\/exports\/([^/?]+)\/file\/?(?:\?|$)/

/**
 * `GET /api/v1/account/exports/ID/file`: the archive of an export, for its owner. Bypasses Next.js like `mediaHandler`,
 * for ranges and backpressure.
 */
export const exportHandler: RequestHandler = {
  matches: ({ method, url = '' }) => (method === 'GET' || method === 'HEAD') && EXPORT_URL.test(url),
  async handle(request, response) {
    try {
      const headers = toWebHeaders(request)
      const user = await requireAuthentication(headers, 'all')
      const id = z.uuid().safeParse(EXPORT_URL.exec(request.url!)![1])
      if (!id.success) throw notFound('export')
      const { key, createdAt } = await findArchive(db(), { id: id.data, ownerId: user.id })
      await recordAuditedAccess(db(), {
        action: 'account.export_downloaded',
        subject: { type: 'export', id: id.data },
        actor: toActor(user, headers),
      })
      const downloadAs = `meanwhile-export-${createdAt.toISOString().slice(0, 10)}.zip`
      await serveFile({ request, response, key, downloadAs })
    } catch (error) {
      if (response.headersSent) return response.destroy()
      await sendProblem(response, error)
    }
  },
}
