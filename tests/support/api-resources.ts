// Over 200 lines because it creates one of everything that a user can own.

import { readFileSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { Encrypter, generateIdentity, identityToRecipient } from 'age-encryption'
import { expect, vi } from 'vitest'
import type { Db } from '@/lib/database/db'
import type { CaptionDto } from '@/lib/captions/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import { whereUnfinished } from '@/lib/tasks/queries'
import type { MachineShareDto, SharedPlaylistDto, SharedVideoDto, ShareDto } from '@/lib/shares/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { createRunningMachine } from './api-machines'
import type { TestUser } from './accounts'
import type { useDatabase } from './database'
import { generateMedia } from './generate-media'
import { createUpload, locationOf, patchUpload } from './tus-client'
import { FAKE_MACHINES, startWeb, startWorker } from './web'

/** Text in everything that `createApiResources` creates, by which a leak is recognized. */
const SECRET_TEXT = 'quokka-secret'

export const BOUNCED_ADDRESS = 'bounced@example.com'

/** Creates one of everything that a user can own, as an administrator of an app with a worker and fake machines. */
async function createApiResources({ user, db }: { user: TestUser; db: Db }) {
  const post = <T>(at: string, body: unknown) =>
    user.fetchJson<T>(at, { method: 'POST', body: JSON.stringify(body) })
  const clip = new Uint8Array(readFileSync(await generateMedia('web-safe.mp4')))
  const { video, task } = await user.fetchJson<{ video: VideoDto; task: TaskDto }>(
    `/api/v1/videos?filename=${SECRET_TEXT}.mp4`,
    { method: 'POST', body: clip },
  )
  const { id: ownerId } = await db.user.findUniqueOrThrow({ where: { email: user.email } })
  const machine = await createRunningMachine(user, SECRET_TEXT)
  await post(`/api/v1/machines/${machine.id}/ports`, { guestPort: 80 })
  const snapshot = await post<{ id: string }>(`/api/v1/machines/${machine.id}/snapshots`, {
    name: SECRET_TEXT,
  })
  const uploadUrl = locationOf(await createUpload(user, { name: `${SECRET_TEXT}.mp4`, sizeBytes: 1_000 }))
  await vi.waitFor(
    async () => expect(await db.task.count({ where: { videoId: video.id, state: { not: 'done' } } })).toBe(0),
    60_000,
  )
  const { caption } = await user.fetchJson<{ caption: CaptionDto }>(
    `/api/v1/videos/${video.id}/captions/files?filename=a.en.vtt`,
    { method: 'POST', body: `WEBVTT\n\n00:01.000 --> 00:02.000\n${SECRET_TEXT}\n` },
  )
  const cue = { id: randomUUID(), startSeconds: 3, endSeconds: 4, text: SECRET_TEXT, speaker: 'Ada' }
  await user.fetchJson(`/api/v1/captions/${caption.id}/cues`, {
    method: 'PATCH',
    body: JSON.stringify({ baseRevision: caption.revision, put: [cue] }),
  })
  const mail = await post<{ id: string }>('/api/v1/admin/mails/test', undefined)
  await vi.waitFor(async () => expect(await db.mail.count({ where: { id: mail.id, state: 'sent' } })).toBe(1))
  await db.mail.update({ where: { id: mail.id }, data: { state: 'ambiguous', subject: SECRET_TEXT } })
  await db.mailBounce.create({ data: { address: BOUNCED_ADDRESS, response: 'unknown user' } })
  const deadLetterIds = await Promise.all(
    [1, 2].map(async () => {
      const unreadable = await user.fetchJson<{ video: VideoDto }>('/api/v1/videos?filename=a.mp4', {
        method: 'POST',
        body: clip.subarray(0, 200),
      })
      const inspection = { videoId: unreadable.video.id, parentId: null }
      return (await db.task.findFirstOrThrow({ where: inspection })).id
    }),
  )
  await vi.waitFor(
    async () =>
      expect(await db.task.count({ where: { id: { in: deadLetterIds }, state: 'failed' } })).toBe(2),
    60_000,
  )
  const archiveRecipient = await identityToRecipient(await generateIdentity())
  const { archive } = await post<{ archive: { id: string } }>('/api/v1/archives', {
    videoIds: [video.id],
    recipients: [archiveRecipient],
  })
  await vi.waitFor(
    async () => expect(await db.archive.count({ where: { isComplete: true } })).toBe(1),
    60_000,
  )
  const exported = await post<{ export: { id: string } }>('/api/v1/account/exports', undefined)
  await vi.waitFor(
    async () => expect(await db.accountExport.count({ where: { sizeBytes: { not: null } } })).toBe(1),
    60_000,
  )
  const archiveUploadUrl = await uploadArchive(user)
  // Last, when no unfinished task is left whose end would be delivered.
  await vi.waitFor(
    async () => expect(await db.task.count({ where: { ownerId, ...whereUnfinished } })).toBe(0),
    60_000,
  )
  const webhook = await post<{ id: string }>('/api/v1/webhooks', {
    url: `https://example.com/${SECRET_TEXT}`,
  })
  const apiKey = await post<{ id: string }>('/api/v1/keys', { name: SECRET_TEXT, scopes: ['read'] })
  const [invitation, acceptable] = await Promise.all(
    ['invited', 'accepting'].map((name) =>
      post<{ id: string; url: string }>('/api/v1/admin/invitations', { email: `${name}@example.com` }),
    ),
  )
  const notification = await db.notification.findFirstOrThrow({ where: { ownerId, isInApp: true } })
  const folder = await post<{ id: string }>('/api/v1/folders', { name: SECRET_TEXT })
  await user.fetchJson(`/api/v1/videos/${video.id}`, {
    method: 'PATCH',
    body: JSON.stringify({ folderId: folder.id, tags: [SECRET_TEXT], description: SECRET_TEXT }),
  })
  const playlist = await post<{ id: string }>('/api/v1/playlists', {
    name: SECRET_TEXT,
    videoIds: [video.id],
  })
  const share = await post<ShareDto>(`/api/v1/videos/${video.id}/shares`, {})
  const playlistShare = await post<ShareDto>(`/api/v1/playlists/${playlist.id}/shares`, {})
  const machineShare = await post<MachineShareDto>(`/api/v1/machines/${machine.id}/shares`, {})
  const shareToken = share.url!.split('/').at(-1)!
  const { grant } = await post<SharedVideoDto>(`/api/v1/shared/${shareToken}`, {})
  const playlistShareToken = playlistShare.url!.split('/').at(-1)!
  const sharedPlaylist = await post<SharedPlaylistDto>(`/api/v1/shared/${playlistShareToken}`, {})
  const delivery = await post<{ id: string }>(`/api/v1/webhooks/${webhook.id}/test`, undefined)
  await vi.waitFor(
    async () =>
      expect(await db.webhookDelivery.count({ where: { id: delivery.id, state: 'waiting' } })).toBe(0),
    60_000,
  )
  const resources = {
    clip,
    deadLetterIds,
    ownerId,
    videoId: video.id,
    taskId: task.id,
    captionId: caption.id,
    captionRevision: 0,
    machineId: machine.id,
    guestPort: 80,
    snapshotId: snapshot.id,
    webhookId: webhook.id,
    deliveryId: delivery.id,
    mailId: mail.id,
    keyId: apiKey.id,
    exportId: exported.export.id,
    archiveId: archive.id,
    // Deriving a key from a passphrase takes a second.
    archiveRecipient,
    archiveUploadId: archiveUploadUrl.split('/').at(-1)!,
    notificationId: notification.id,
    pushSubscriptionId: await createPushSubscription(db, ownerId),
    folderId: folder.id,
    playlistId: playlist.id,
    shareId: share.id,
    machineShareId: machineShare.id,
    shareToken,
    shareUrl: share.url!,
    shareGrant: grant,
    playlistShareToken,
    playlistShareGrant: sharedPlaylist.grant,
    invitationId: invitation!.id,
    invitationToken: acceptable!.url.split('#')[1]!,
    uploadUrl,
    /** Updates what requests must know of the current state. */
    async refresh() {
      const row = await db.caption.findUnique({ where: { id: caption.id } })
      if (row) resources.captionRevision = row.revision
      const current = await db.accountExport.findFirst({ where: { ownerId } })
      if (current) resources.exportId = current.id
      // It ends with the session.
      if (!(await db.pushSubscription.findFirst({ where: { ownerId } })))
        resources.pushSubscriptionId = await createPushSubscription(db, ownerId)
    },
  }
  await resources.refresh()
  return resources
}

/** Subscribes a browser, with a session of its own. */
async function createPushSubscription(db: Db, ownerId: string) {
  const session = { id: randomUUID(), token: randomUUID(), expiresAt: new Date(Date.now() + 3_600_000) }
  await db.session.create({ data: { ...session, userId: ownerId, userAgent: SECRET_TEXT } })
  const [service, endpointHash, secret] = [SECRET_TEXT, SECRET_TEXT, SECRET_TEXT]
  const row = { ownerId, sessionId: session.id, service, endpointHash, secret }
  return (await db.pushSubscription.create({ data: row })).id
}

/** Uploads an archive that the example of its import cannot open, so that it stays. */
async function uploadArchive(user: TestUser) {
  const encrypter = new Encrypter()
  encrypter.setScryptWorkFactor(1)
  encrypter.setPassphrase('another passphrase')
  const body = await encrypter.encrypt('nothing')
  const at = locationOf(await createUpload(user, { name: `${SECRET_TEXT}.age`, sizeBytes: body.length }))
  expect((await patchUpload(user, { at, offset: 0, body })).status).toBe(200)
  return at
}

export type ApiResources = Awaited<ReturnType<typeof createApiResources>>

/** The ids in `resources` that must not appear in a response to another user. */
export const listSecrets = ({ ownerId, uploadUrl, ...resources }: ApiResources) => [
  SECRET_TEXT,
  ownerId,
  uploadUrl.split('/').at(-1)!,
  ...Object.values(resources).filter((value): value is string => typeof value === 'string'),
]

/** Starts an app with a worker and fake machines, whose administrator owns one of everything. */
export async function startWithApiResources(
  database: ReturnType<typeof useDatabase>,
  env: Record<string, string> = {},
) {
  const web = await startWeb({ databaseUrl: database.url, env: { ...FAKE_MACHINES, ...env } })
  const worker = await startWorker(web)
  const owner = await web.createUser('ada@example.com', { isAdmin: true })
  return {
    web,
    worker,
    owner,
    resources: await createApiResources({ user: owner, db: database.db }),
    async stop() {
      await worker.stop('SIGTERM')
      await web.stop()
    },
  }
}
