import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TaskDto } from '@/lib/tasks/schema'
import type { TestUser } from '@/tests/support/accounts'
import { useDatabase } from '@/tests/support/database'
import { createUpload, locationOf, patchUpload, TUS_HEADERS } from '@/tests/support/tus-client'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
const MB = 1e6
const TEXT = Buffer.from('These are notes about a film, and no film. '.repeat(100))
let web: Web
let ada: TestUser
beforeAll(async () => {
  const env = { UPLOAD_MAX_BYTES: String(20 * MB), STORAGE_QUOTA_BYTES: String(10 * MB) }
  web = await startWeb({ databaseUrl: database.url, env })
  ada = await web.createUser('ada@example.com')
})
afterAll(() => web.stop())

const MEDIA = new Uint8Array(Buffer.from('\0\0\0\x20ftypisom, the start of a film', 'latin1'))
const createVideo = async () =>
  (
    await ada.fetchJson<{ video: { id: string } }>('/api/v1/videos?filename=film.mp4', {
      method: 'POST',
      body: MEDIA,
    })
  ).video.id

const listTasks = async (user: TestUser, query = '') =>
  (await user.fetchJson<{ tasks: TaskDto[] }>(`/api/v1/tasks?${query}`)).tasks
const report = (user: TestUser, files: object[]) =>
  user.fetch('/api/v1/refused-files', { method: 'POST', body: JSON.stringify({ files }) })

describe('a file that the server refuses', { tags: 'full' }, () => {
  it.each([
    ['empty.mp4', () => createUpload(ada, { name: 'empty.mp4', sizeBytes: 0 }), 'upload.empty'],
    ['huge.mp4', () => createUpload(ada, { name: 'huge.mp4', sizeBytes: 21 * MB }), 'upload.too_large'],
    [
      'large.mp4',
      () => createUpload(ada, { name: 'large.mp4', sizeBytes: 11 * MB }),
      'upload.quota_exceeded',
    ],
    [
      'notes.mp4',
      async () => {
        const at = locationOf(await createUpload(ada, { name: 'notes.mp4', sizeBytes: TEXT.length }))
        return patchUpload(ada, { at, offset: 0, body: TEXT })
      },
      'video.not_media',
    ],
    [
      'script.mp4',
      () => ada.fetch('/api/v1/videos?filename=script.mp4', { method: 'POST', body: TEXT }),
      'video.not_media',
    ],
    [
      'same.mp4',
      async () => {
        const at = `/api/v1/videos?filename=same.mp4&replaces=${await createVideo()}`
        return ada.fetch(at, { method: 'POST', body: MEDIA })
      },
      'upload.same_file',
    ],
    [
      'same-tus.mp4',
      async () => {
        const encode = (text: string) => Buffer.from(text).toString('base64')
        const metadata = `filename ${encode('same-tus.mp4')},replaces ${encode(await createVideo())}`
        const headers = {
          ...TUS_HEADERS,
          'upload-length': String(MEDIA.length),
          'upload-metadata': metadata,
        }
        const at = locationOf(await ada.fetch('/api/uploads', { method: 'POST', headers }))
        return patchUpload(ada, { at, offset: 0, body: MEDIA })
      },
      'upload.same_file',
    ],
  ] as const)('%s is in the activity of its user with the reason', async (filename, send, code) => {
    expect((await send()).ok).toBe(false)
    const [task] = await listTasks(ada, `search=${filename}`)
    expect(task).toMatchObject({ state: 'failed', label: 'Uploading', error: { code }, detail: { filename } })
    const { notifications } = await ada.fetchJson<{ notifications: object[] }>('/api/v1/inbox?limit=1')
    expect(notifications).toMatchObject([
      { message: `${filename} was refused`, detail: task!.error!.message, href: `/tasks/${task!.id}` },
    ])
  })

  it('is neither retried nor a dead letter, and is not recorded after other errors', async () => {
    const [task] = await listTasks(ada)
    const retry = await ada.fetch(`/api/v1/tasks/${task!.id}/retry`, { method: 'POST' })
    expect(await retry.json()).toMatchObject({ code: 'task.not_retryable' })
    const count = (await listTasks(ada)).length
    expect(
      (await fetch(`${web.url}/api/v1/videos?filename=a.mp4`, { method: 'POST', body: TEXT })).status,
    ).toBe(401)
    expect((await ada.fetch('/api/v1/videos', { method: 'POST', body: TEXT })).status).toBe(400)
    expect(await listTasks(ada)).toHaveLength(count)
    expect(await database.db.task.count({ where: { cause: { not: null } } })).toBe(0)
  })
})

describe('files that a page refuses', { tags: 'full' }, () => {
  it('are recorded with the reason, but cause no notification', async () => {
    const eve = await web.createUser('eve@example.com')
    const files = [
      { filename: '../letter.pdf', sizeBytes: 5, type: 'application/pdf', reason: 'not_media' },
      { filename: 'huge.mov', sizeBytes: 30 * MB, reason: 'too_large' },
    ]
    expect((await report(eve, files)).status).toBe(204)
    const tasks = await listTasks(eve)
    expect(tasks.map(({ detail, error }) => [detail!.filename, error!.message])).toEqual(
      expect.arrayContaining([
        ['letter.pdf', 'This is not a video or audio file. Its type is application/pdf.'],
        ['huge.mov', 'The file is 30.0 MB. The maximum is 20.0 MB.'],
      ]),
    )
    expect(await eve.fetchJson('/api/v1/inbox')).toMatchObject({ notifications: [] })
  })

  it('are limited in number, time and size', async () => {
    const eve = await web.createUser('limited@example.com')
    const file = { filename: 'a.pdf', sizeBytes: 5, reason: 'not_media' }
    expect((await report(eve, Array(51).fill(file))).status).toBe(400)
    expect((await report(eve, [{ ...file, reason: 'weather' }])).status).toBe(400)
    const statuses = []
    for (let n = 0; n < 22; n++) statuses.push((await report(eve, Array(50).fill(file))).status)
    expect(statuses.slice(-2)).toEqual([429, 429])
    expect(await database.db.task.count({ where: { owner: { email: 'limited@example.com' } } })).toBe(200)
  })
})
