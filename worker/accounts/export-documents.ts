import type { Db } from '@/lib/database/db'

const BATCH_SIZE = 500

/**
 * The JSON documents of an export: everything that the database has of a user but secrets (password, key and token
 * hashes, webhook secrets, tokens of links, keys of browsers), what the app derives (renditions, segments, chapters), and what passes through (unfinished
 * uploads, webhook deliveries).
 */
export function listExportDocuments(db: Db, ownerId: string): [name: string, rows: AsyncIterable<object>][] {
  const one = { where: { ownerId }, orderBy: { id: 'asc' }, take: BATCH_SIZE } as const
  return [
    ['account.json', once(() => db.user.findMany({ where: { id: ownerId } }))],
    ['sessions.json', once(() => db.session.findMany({ where: { userId: ownerId }, omit: { token: true } }))],
    [
      'api-keys.json',
      once(() => db.apikey.findMany({ where: { referenceId: ownerId }, omit: { key: true } })),
    ],
    [
      'sign-in-methods.json',
      once(() =>
        db.account.findMany({
          where: { userId: ownerId },
          select: { providerId: true, accountId: true, createdAt: true },
        }),
      ),
    ],
    [
      'passkeys.json',
      once(() =>
        db.passkey.findMany({ where: { userId: ownerId }, select: { name: true, createdAt: true } }),
      ),
    ],
    ['notification-settings.json', once(() => db.notificationSettings.findMany({ where: { ownerId } }))],
    ['notifications.json', inPages((cursor) => db.notification.findMany({ ...one, ...cursor }))],
    [
      'push-subscriptions.json',
      once(() =>
        db.pushSubscription.findMany({
          where: { ownerId },
          select: { service: true, createdAt: true, lastSentAt: true },
        }),
      ),
    ],
    ['folders.json', once(() => db.folder.findMany({ where: { ownerId } }))],
    [
      'playlists.json',
      once(() =>
        db.playlist.findMany({ where: { ownerId }, include: { entries: { orderBy: { index: 'asc' } } } }),
      ),
    ],
    ['videos.json', inPages((cursor) => db.video.findMany({ ...one, ...cursor }))],
    [
      'imports.json',
      inPages(async (cursor) => {
        const { cursor: at, skip } = cursor
        const rows = await db.videoImport.findMany({
          where: { ownerId },
          orderBy: { videoId: 'asc' },
          take: BATCH_SIZE,
          skip,
          cursor: at && { videoId: at.id },
          omit: { credentials: true, requestHash: true },
        })
        return rows.map((row) => ({ id: row.videoId, ...row }))
      }),
    ],
    [
      'archives.json',
      inPages((cursor) => db.archive.findMany({ ...one, ...cursor, omit: { passphrase: true } })),
    ],
    [
      'shares.json',
      inPages((cursor) =>
        db.share.findMany({
          ...one,
          where: { OR: [{ video: { ownerId } }, { playlist: { ownerId } }, { machine: { ownerId } }] },
          omit: { token: true, tokenHash: true, passwordHash: true },
          ...cursor,
        }),
      ),
    ],
    ['captions.json', inPages((cursor) => db.caption.findMany({ ...one, ...cursor }))],
    ['caption-revisions.json', listRevisions(db, ownerId)],
    [
      'tasks.json',
      inPages((cursor) =>
        db.task.findMany({
          ...one,
          where: { ...one.where, partOfId: null },
          ...cursor,
          omit: { searchText: true },
        }),
      ),
    ],
    [
      'machines.json',
      inPages((cursor) =>
        db.machine.findMany({ ...one, ...cursor, include: { events: true, ports: true, order: true } }),
      ),
    ],
    ['snapshots.json', inPages((cursor) => db.machineSnapshot.findMany({ ...one, ...cursor }))],
    [
      'webhooks.json',
      inPages((cursor) =>
        db.webhookEndpoint.findMany({ ...one, ...cursor, omit: { secret: true, formerSecret: true } }),
      ),
    ],
    ['mails.json', inPages((cursor) => db.mail.findMany({ ...one, ...cursor, omit: { data: true } }))],
    [
      'audit.json',
      inPages((cursor) =>
        db.auditEntry.findMany({
          ...one,
          where: { actorId: ownerId },
          ...cursor,
          omit: { searchText: true },
        }),
      ),
    ],
  ]
}

/** One at a time: a revision may hold tens of thousands of cues. */
async function* listRevisions(db: Db, ownerId: string) {
  const keys = await db.captionRevision.findMany({
    where: { caption: { ownerId } },
    select: { captionId: true, number: true },
    orderBy: [{ captionId: 'asc' }, { number: 'asc' }],
  })
  for (const key of keys) {
    const revision = await db.captionRevision.findUnique({ where: { captionId_number: key } })
    if (revision) yield revision
  }
}

async function* once<T extends object>(read: () => Promise<T[]>) {
  yield* await read()
}

interface Cursor {
  cursor?: { id: string }
  skip?: number
}

async function* inPages<T extends { id: string }>(read: (cursor: Cursor) => Promise<T[]>) {
  let last: T | undefined
  for (;;) {
    const page: T[] = await read(last ? { cursor: { id: last.id }, skip: 1 } : {})
    yield* page
    if (page.length < BATCH_SIZE) return
    last = page.at(-1)
  }
}
