import { readFileSync } from 'node:fs'
import { Encrypter } from 'age-encryption'
import type { App } from '@/tests/support/app'
import { generateMedia } from '@/tests/support/generate-media'
import { createUpload, locationOf, patchUpload } from '@/tests/support/tus-client'
import type { MachineDto } from '@/lib/machines/schema'
import type { SnapshotDto } from '@/lib/machines/snapshots'
import type { VideoDetailsDto, VideoDto } from '@/lib/videos/schema'
import { createUser, expect, readUserId, test as base, type TestUser } from './fixtures'

const SPEAKERS =
  'WEBVTT\n\n00:00.000 --> 00:01.000\n<v Ada>Good morning.\n\n00:01.000 --> 00:02.000\n<v Ben>Hello.\n'
const GERMAN = 'WEBVTT\n\n00:00.000 --> 00:02.000\nGuten Morgen.\n'

export const EVERYTHING_ENV = {
  MACHINES: 'on',
  MACHINE_DRIVER: 'fake',
  SIGN_UP: 'open',
  SHARE_EMBED_ORIGINS: '*',
  // They are offered, and never answer.
  CAPTIONS: 'auto',
  MODEL_HUB: 'http://127.0.0.1:9',
  TRANSLATION_URL: 'http://127.0.0.1:9',
}

interface Everything {
  admin: TestUser
  /** By the names that paths such as `/videos/:video` have for them. */
  ids: Record<string, string>
}

/** Shares an app, with `EVERYTHING_ENV`, in which an administrator has one of everything that pages and dialogs show. */
export const test = base.extend<object, { everything: Everything }>({
  // Browsers refuse passkeys for IP addresses.
  baseURL: async ({ app }, use) => use(app.url.replace('127.0.0.1', 'localhost')),
  everything: [
    async ({ app }, use) => {
      const admin = await createUser(app, { isAdmin: true })
      await use({ admin, ids: await createOneOfEverything(app, admin) })
    },
    { scope: 'worker', timeout: 240_000 },
  ],
})

export const withIds = (path: string, ids: Everything['ids']) =>
  path.replaceAll(/:(\w+)/g, (_, name: string) => ids[name]!)

async function createOneOfEverything(app: App, admin: TestUser): Promise<Everything['ids']> {
  const post = <Body>(at: string, body: object = {}) =>
    admin.fetchJson<Body>(at, { method: 'POST', body: JSON.stringify(body) })
  const upload = async (title: string) => {
    const body = new Uint8Array(readFileSync(await generateMedia('web-safe.mp4')))
    const at = `/api/v1/videos?filename=${title}.mp4`
    return (await admin.fetchJson<{ video: VideoDto }>(at, { method: 'POST', body })).video
  }
  const [video, trimmed, trashed] = [await upload('first'), await upload('trimmed'), await upload('deleted')]
  const { machine } = await post<{ machine: MachineDto }>('/api/v1/machines')
  const addTrack = async (filename: string, body: string) => {
    const at = `/api/v1/videos/${video.id}/captions/files?filename=${filename}`
    return (await admin.fetchJson<{ caption: { id: string } }>(at, { method: 'POST', body })).caption
  }
  const caption = await addTrack('first.en.vtt', SPEAKERS)
  await addTrack('first.de.vtt', GERMAN)
  const playlist = await post<{ id: string }>('/api/v1/playlists', { name: 'Holiday', videoIds: [video.id] })
  const webhook = await post<{ id: string }>('/api/v1/webhooks', { url: 'https://example.com/hook' })
  await post('/api/v1/keys', { name: 'CI', scopes: ['read'] })
  const folder = await post<{ id: string }>('/api/v1/folders', { name: 'Harbour' })
  const mail = await post<{ id: string }>('/api/v1/admin/mails/test')
  const other = await createUser(app, { isAdmin: true })
  await uploadArchive(admin)
  const share = async (of: string) => (await post<{ url: string }>(`${of}/shares`)).url.split('/').at(-1)!

  const read = () => admin.fetchJson<VideoDetailsDto>(`/api/v1/videos/${trimmed.id}`)
  await expect.poll(async () => (await read()).state, { timeout: 90_000 }).toBe('done')
  const range = JSON.stringify({ startSeconds: 1, endSeconds: 8 })
  // Not before its downloads are packaged.
  const trim = () => admin.fetchJson(`/api/v1/videos/${trimmed.id}/trim`, { method: 'PUT', body: range })
  await expect(trim).toPass({ timeout: 90_000 })
  await expect.poll(async () => (await read()).trim, { timeout: 90_000 }).not.toBeNull()
  await admin.fetch(`/api/v1/videos/${trashed.id}`, { method: 'DELETE' })
  const readMachine = () => admin.fetchJson<MachineDto>(`/api/v1/machines/${machine.id}`)
  await expect.poll(async () => (await readMachine()).state).toBe('running')
  await post(`/api/v1/machines/${machine.id}/snapshots`, { name: 'Before' })
  const readSnapshots = () => admin.fetchJson<{ snapshots: SnapshotDto[] }>('/api/v1/snapshots')
  await expect.poll(async () => (await readSnapshots()).snapshots[0]?.state).toBe('done')
  return {
    video: video.id,
    trimmed: trimmed.id,
    trashed: trashed.id,
    task: video.taskId!,
    caption: caption.id,
    machine: machine.id,
    playlist: playlist.id,
    webhook: webhook.id,
    folder: folder.id,
    mail: mail.id,
    user: await readUserId(other),
    videoLink: await share(`/api/v1/videos/${video.id}`),
    playlistLink: await share(`/api/v1/playlists/${playlist.id}`),
    machineLink: await share(`/api/v1/machines/${machine.id}`),
  }
}

async function uploadArchive(user: TestUser) {
  const encrypter = new Encrypter()
  encrypter.setScryptWorkFactor(1)
  encrypter.setPassphrase('a passphrase')
  const body = await encrypter.encrypt('nothing')
  const at = locationOf(await createUpload(user, { name: 'backup.age', sizeBytes: body.length }))
  expect((await patchUpload(user, { at, offset: 0, body })).status).toBe(200)
}
