// Over 200 lines because it has an example of every operation of the API.

import { randomUUID } from 'node:crypto'
import type { ApiExample, ApiOperation } from './api-operations'
import { type ApiResources, BOUNCED_ADDRESS } from './api-resources'
import { createBrowserKeys } from './push-service'

/** The operations that refuse an API key: an account is deleted, and a browser subscribed, with a session only. */
const SESSION_ONLY = ['POST /api/v1/account/deletion', 'POST /api/v1/push']
export const isSessionOnly = ({ name }: ApiOperation) => SESSION_ONLY.includes(name)

/** One pixel. */
const PNG = new Uint8Array(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
)
const VTT = 'WEBVTT\n\n00:01.000 --> 00:02.000\nAn imported line\n'

/**
 * A valid request for an operation by the owner of `resources`. @throws {Error} if an operation with a path parameter or
 * a body has no example, so that tests which cover all operations fail until a new one has an example
 */
export function findExample({ name, path, contentType }: ApiOperation, resources: ApiResources): ApiExample {
  const example = listApiExamples(resources)[name]
  if (!example && (path.includes('{') || contentType)) throw new Error(`api-examples.ts has no ${name}`)
  return example ?? {}
}

const listApiExamples = (resources: ApiResources): Record<string, ApiExample> => {
  const video = { params: { id: resources.videoId } }
  const playlist = { params: { id: resources.playlistId } }
  const task = { params: { id: resources.taskId } }
  const caption = { params: { id: resources.captionId } }
  const machine = { params: { id: resources.machineId } }
  const webhook = { params: { id: resources.webhookId } }
  const mail = { params: { id: resources.mailId } }
  const queue = { body: { queue: 'video.inspect' } }
  const [redriven, discarded] = resources.deadLetterIds.map((id) => ({ which: { ids: [id] } }))
  const { captionRevision } = resources
  return {
    'POST /api/v1/videos': { query: { filename: 'another.mp4' }, body: resources.clip },
    'POST /api/v1/videos/bulk': { body: { action: 'share', ids: [resources.videoId] } },
    'GET /api/v1/sources': { query: { ids: resources.videoId } },
    'POST /api/v1/imports': { body: { url: 'https://example.invalid/another.mp4' } },
    'GET /api/v1/videos/{id}': video,
    'PATCH /api/v1/videos/{id}': {
      ...video,
      body: { title: 'Another title', description: 'A description', tags: ['another'], folderId: null },
    },
    'DELETE /api/v1/videos/{id}': video,
    'GET /api/v1/videos/{id}/proof-sheet': video,
    'PUT /api/v1/videos/{id}/chapters': {
      ...video,
      body: { chapters: [{ startSeconds: 0, title: 'Another chapter' }] },
    },
    'PUT /api/v1/videos/{id}/trim': { ...video, body: { startSeconds: 1, endSeconds: 8 } },
    'DELETE /api/v1/videos/{id}/trim': video,
    'DELETE /api/v1/videos/{id}/whole-file': video,
    'PUT /api/v1/videos/{id}/poster': { ...video, body: { source: 'frame', atSeconds: 0 } },
    'PUT /api/v1/videos/{id}/poster/picture': { ...video, body: PNG },
    'GET /api/v1/videos/{id}/shares': video,
    'POST /api/v1/videos/{id}/shares': { ...video, body: { isDownloadAllowed: true } },
    'GET /api/v1/videos/{id}/captions': video,
    'POST /api/v1/videos/{id}/captions': { ...video, body: { language: 'en' } },
    'POST /api/v1/videos/{id}/captions/files': { ...video, query: { filename: 'b.de.vtt' }, body: VTT },

    'POST /api/v1/folders': { body: { name: 'Another folder' } },
    'PATCH /api/v1/folders/{id}': { params: { id: resources.folderId }, body: { name: 'Another name' } },
    'DELETE /api/v1/folders/{id}': { params: { id: resources.folderId } },

    'POST /api/v1/playlists': { body: { name: 'Another playlist', videoIds: [resources.videoId] } },
    'GET /api/v1/playlists/{id}': playlist,
    'PATCH /api/v1/playlists/{id}': { ...playlist, body: { name: 'Another name' } },
    'DELETE /api/v1/playlists/{id}': playlist,
    'POST /api/v1/playlists/{id}/videos': { ...playlist, body: { videoIds: [resources.videoId] } },
    'DELETE /api/v1/playlists/{id}/videos/{videoId}': {
      params: { ...playlist.params, videoId: resources.videoId },
    },

    'GET /api/v1/playlists/{id}/shares': playlist,
    'POST /api/v1/playlists/{id}/shares': { ...playlist, body: { visibility: 'public' } },
    'GET /api/oembed': { query: { url: resources.shareUrl } },
    'PATCH /api/v1/shares/{id}': { params: { id: resources.shareId }, body: { visibility: 'public' } },
    'DELETE /api/v1/shares/{id}': { params: { id: resources.shareId } },
    'POST /api/v1/shared/{token}': { params: { token: resources.shareToken }, body: {} },
    'POST /api/v1/shared/{token}/videos/{videoId}': {
      params: { token: resources.playlistShareToken, videoId: resources.videoId },
      body: { grant: resources.playlistShareGrant },
    },
    'POST /api/v1/shared/{token}/views': {
      params: { token: resources.shareToken },
      body: { grant: resources.shareGrant },
    },

    'GET /api/v1/tasks/{id}': task,
    'GET /api/v1/tasks/{id}/log': task,
    'GET /api/v1/tasks/{id}/attempts': task,
    'POST /api/v1/tasks/{id}/cancel': task,
    'POST /api/v1/tasks/{id}/retry': task,

    'GET /api/v1/captions/search': { query: { q: 'secret' } },
    'GET /api/v1/captions/{id}': caption,
    'PATCH /api/v1/captions/{id}': { ...caption, body: { label: 'Another label' } },
    'DELETE /api/v1/captions/{id}': caption,
    'GET /api/v1/captions/{id}/cues': caption,
    'PATCH /api/v1/captions/{id}/cues': {
      ...caption,
      body: {
        baseRevision: captionRevision,
        put: [{ id: randomUUID(), startSeconds: 5, endSeconds: 6, text: 'Another line' }],
      },
    },
    'PATCH /api/v1/captions/{id}/speakers': { ...caption, body: { from: 'Ada', to: 'Ada' } },
    'POST /api/v1/captions/{id}/translations': { ...caption, body: { language: 'de' } },
    'GET /api/v1/captions/{id}/revisions': caption,
    'POST /api/v1/captions/{id}/revert': {
      ...caption,
      body: { baseRevision: captionRevision, number: captionRevision },
    },
    'POST /api/v1/captions/{id}/restore': {
      ...caption,
      body: { baseRevision: captionRevision, number: captionRevision },
    },
    'GET /api/v1/captions/{id}/export': caption,

    'POST /api/v1/machines': { body: { name: 'another-box' } },
    'GET /api/v1/machines/{id}': machine,
    'PATCH /api/v1/machines/{id}': { ...machine, body: { tags: ['another'] } },
    'DELETE /api/v1/machines/{id}': machine,
    'POST /api/v1/machines/{id}/start': machine,
    'POST /api/v1/machines/{id}/stop': machine,
    'POST /api/v1/machines/{id}/reboot': machine,
    'POST /api/v1/machines/{id}/resize': { ...machine, body: { size: 'small' } },
    'GET /api/v1/machines/{id}/events': machine,
    'POST /api/v1/machines/{id}/console': machine,
    'GET /api/v1/machines/{id}/shares': machine,
    'POST /api/v1/machines/{id}/shares': { ...machine, body: { isTypingAllowed: true } },
    'DELETE /api/v1/machines/{id}/shares/{shareId}': {
      params: { ...machine.params, shareId: resources.machineShareId },
    },
    'GET /api/v1/machines/{id}/ports': machine,
    'POST /api/v1/machines/{id}/ports': { ...machine, body: { guestPort: 81 } },
    'DELETE /api/v1/machines/{id}/ports/{port}': {
      params: { ...machine.params, port: String(resources.guestPort) },
    },
    'POST /api/v1/machines/{id}/snapshots': { ...machine, body: { name: 'another' } },
    'DELETE /api/v1/snapshots/{id}': { params: { id: resources.snapshotId } },

    'POST /api/v1/webhooks': { body: { url: 'https://example.com/another' } },
    'GET /api/v1/webhooks/{id}': webhook,
    'PATCH /api/v1/webhooks/{id}': { ...webhook, body: { isEnabled: true } },
    'DELETE /api/v1/webhooks/{id}': webhook,
    'POST /api/v1/webhooks/{id}/secret': webhook,
    'POST /api/v1/webhooks/{id}/test': webhook,
    'GET /api/v1/webhooks/{id}/deliveries': webhook,
    'POST /api/v1/webhook-deliveries/{id}/replay': { params: { id: resources.deliveryId } },

    'POST /api/v1/keys': { body: { name: 'another' } },
    'DELETE /api/v1/keys/{id}': { params: { id: resources.keyId } },

    'DELETE /api/v1/account/exports/{id}': { params: { id: resources.exportId } },
    'GET /api/v1/account/exports/{id}/file': { params: { id: resources.exportId } },
    'POST /api/v1/archives': {
      body: { videoIds: [resources.videoId], recipients: [resources.archiveRecipient] },
    },
    'DELETE /api/v1/archives/{id}': { params: { id: resources.archiveId } },
    'GET /api/v1/archives/{id}/file': { params: { id: resources.archiveId } },
    'POST /api/v1/archive-imports': {
      body: { uploadId: resources.archiveUploadId, passphrase: 'not the passphrase' },
    },
    'DELETE /api/v1/archive-imports/{id}': { params: { id: resources.archiveUploadId } },
    'POST /api/v1/account/deletion': { body: { confirmation: 'another@example.com' } },

    'POST /api/v1/refused-files': {
      body: {
        files: [{ filename: 'another.pdf', sizeBytes: 1, type: 'application/pdf', reason: 'not_media' }],
      },
    },
    'POST /api/v1/push': {
      body: { endpoint: 'https://fcm.googleapis.com/fcm/send/another', keys: createBrowserKeys().keys },
    },
    'DELETE /api/v1/push/{id}': { params: { id: resources.pushSubscriptionId } },
    'PATCH /api/v1/inbox/{id}': { params: { id: resources.notificationId }, body: { isRead: true } },
    'POST /api/v1/inbox/read': { body: { ids: [resources.notificationId] } },
    'PATCH /api/v1/notifications': { body: { events: { 'video.ready': true } } },

    'GET /api/v1/admin/users/{id}': { params: { id: resources.ownerId } },
    'PATCH /api/v1/admin/users/{id}': { params: { id: resources.ownerId }, body: { limits: { cpus: 64 } } },
    'POST /api/v1/admin/users/{id}/sign-out': { params: { id: resources.ownerId }, body: {} },
    'POST /api/v1/admin/users/{id}/reset-two-factor': { params: { id: resources.ownerId } },
    'POST /api/v1/admin/invitations': { body: { email: 'another@example.com' } },
    'DELETE /api/v1/admin/invitations/{id}': { params: { id: resources.invitationId } },
    'POST /api/v1/invitations': {
      body: { token: resources.invitationToken, password: 'correct-horse-battery' },
    },

    'POST /api/v1/admin/queues/pause': queue,
    'POST /api/v1/admin/queues/resume': queue,
    'POST /api/v1/admin/dead-letters/redrive': { body: { ...redriven, isTrial: true } },
    'POST /api/v1/admin/dead-letters/discard': { body: { ...discarded, reason: 'not needed' } },
    'POST /api/v1/admin/schedules/run': { body: { name: 'uploads.expire' } },
    'POST /api/v1/admin/mails/{id}/arrived': mail,
    'POST /api/v1/admin/mails/{id}/send-again': mail,
    'DELETE /api/v1/admin/bounces': { query: { address: BOUNCED_ADDRESS } },
  }
}
