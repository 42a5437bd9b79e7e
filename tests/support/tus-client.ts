import type { TestUser } from './accounts'

export const TUS_HEADERS = { 'tus-resumable': '1.0.0' }

/** Creates an upload. Resolves to the response, also for errors. */
export const createUpload = (user: TestUser, file: { name: string; sizeBytes: number }) =>
  user.fetch('/api/uploads', {
    method: 'POST',
    headers: {
      ...TUS_HEADERS,
      'upload-length': String(file.sizeBytes),
      'upload-metadata': `filename ${Buffer.from(file.name).toString('base64')}`,
    },
  })

export const locationOf = (created: Response) => created.headers.get('location')!

/** Sends a part of an upload. */
export const patchUpload = (
  user: TestUser,
  { at, offset, body }: { at: string; offset: number; body: Uint8Array },
) =>
  user.fetch(at, {
    method: 'PATCH',
    headers: {
      ...TUS_HEADERS,
      'upload-offset': String(offset),
      'content-type': 'application/offset+octet-stream',
    },
    body: body as BodyInit,
  })

export const headUpload = (user: TestUser, at: string) =>
  user.fetch(at, { method: 'HEAD', headers: TUS_HEADERS })

export const deleteUpload = (user: TestUser, at: string) =>
  user.fetch(at, { method: 'DELETE', headers: TUS_HEADERS })
