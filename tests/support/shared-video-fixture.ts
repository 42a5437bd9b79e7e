import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Db } from '@/lib/database/db'
import type {
  MachineShareDto,
  MachineShareInput,
  ShareDto,
  SharedMachineDto,
  SharedPlaylistDto,
  SharedVideoDto,
  ShareSettings,
} from '@/lib/shares/schema'
import { videoKeys } from '@/lib/storage/keys'
import type { VideoDto } from '@/lib/videos/schema'
import type { TestUser } from './accounts'
import type { Web } from './web'

/** Uploads a video and stores one rendition of it, one segment long, without a worker. */
export async function createPlayableVideo({ web, db, user }: { web: Web; db: Db; user: TestUser }) {
  const body = new Uint8Array(64)
  body.set(Buffer.from('\0\0\0\x20ftypisom', 'latin1'))
  const upload = { method: 'POST', body }
  const { video } = await user.fetchJson<{ video: VideoDto }>('/api/v1/videos?filename=film.mp4', upload)
  const keys = videoKeys(video.id)
  const files = { [keys.init('360p')]: 'init', [keys.segment('360p', 0)]: 'segment', [keys.poster]: 'poster' }
  for (const [key, content] of Object.entries(files)) {
    const file = path.join(web.dataDir, 'storage', key)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
  await db.video.update({ where: { id: video.id }, data: { posterKey: keys.poster, durationSeconds: 4 } })
  await db.rendition.create({
    data: {
      videoId: video.id,
      name: '360p',
      mode: 'encode',
      position: 0,
      state: 'done',
      initKey: keys.init('360p'),
      codecs: 'avc1.64001e',
      width: 640,
      height: 360,
      frameRate: 25,
      segments: { create: { index: 0, startSeconds: 0, durationSeconds: 4, sizeBytes: 7 } },
    },
  })
  return video.id
}

const JSON_HEADERS = { 'content-type': 'application/json' }

/** What an owner and viewers do with links. Viewers send no credentials. */
export function createShareClient(web: Web, owner: TestUser) {
  const post = (at: string, body: object, headers: Record<string, string> = {}) =>
    fetch(web.url + at, {
      method: 'POST',
      headers: { ...JSON_HEADERS, ...headers },
      body: JSON.stringify(body),
    })
  const open = (token: string, password?: string, headers?: Record<string, string>) =>
    post(`/api/v1/shared/${token}`, { password }, headers)
  return {
    async share(videoId: string, settings: ShareSettings = {}) {
      const init = { method: 'POST', headers: JSON_HEADERS, body: JSON.stringify(settings) }
      const share = await owner.fetchJson<ShareDto>(`/api/v1/videos/${videoId}/shares`, init)
      return { ...share, url: share.url!, token: share.url!.split('/').at(-1)! }
    },
    async sharePlaylist(playlistId: string, settings: ShareSettings = {}) {
      const init = { method: 'POST', headers: JSON_HEADERS, body: JSON.stringify(settings) }
      const share = await owner.fetchJson<ShareDto>(`/api/v1/playlists/${playlistId}/shares`, init)
      return { ...share, url: share.url!, token: share.url!.split('/').at(-1)! }
    },
    async openPlaylist(token: string, password?: string) {
      return (await (await open(token, password)).json()) as SharedPlaylistDto
    },
    openPlaylistVideo: (token: string, { videoId, grant }: { videoId: string; grant: string }) =>
      post(`/api/v1/shared/${token}/videos/${videoId}`, { grant }),
    renew: (token: string, grant: string) => post(`/api/v1/shared/${token}`, { grant }),
    async shareConsole(machineId: string, settings: MachineShareInput = {}) {
      const init = { method: 'POST', headers: JSON_HEADERS, body: JSON.stringify(settings) }
      const share = await owner.fetchJson<MachineShareDto>(`/api/v1/machines/${machineId}/shares`, init)
      const token = share.url!.split('/').at(-1)!
      const opened = await open(token, settings.password)
      return { ...share, token, grant: ((await opened.json()) as SharedMachineDto).grant }
    },
    open,
    async openJson(token: string, password?: string) {
      return (await (await open(token, password)).json()) as SharedVideoDto
    },
    countView: (token: string, grant: string) => post(`/api/v1/shared/${token}/views`, { grant }),
    change: (id: string, settings: ShareSettings) =>
      owner.fetchJson<ShareDto>(`/api/v1/shares/${id}`, {
        method: 'PATCH',
        headers: JSON_HEADERS,
        body: JSON.stringify(settings),
      }),
    revoke: (id: string) => owner.fetch(`/api/v1/shares/${id}`, { method: 'DELETE' }),
    revokeConsole: ({ id, machineId }: Pick<MachineShareDto, 'id' | 'machineId'>) =>
      owner.fetch(`/api/v1/machines/${machineId}/shares/${id}`, { method: 'DELETE' }),
    statusOf: async (at: string) => (await fetch(new URL(at, web.url), { redirect: 'manual' })).status,
  }
}
