import type { TestUser } from './accounts'

const TUS_HEADERS = { 'tus-resumable': '1.0.0' }

/** Announces a file. The answer is tus's own, refusals too. */
export const createUpload = (person: TestUser, file: { name: string; sizeBytes: number }) =>
  person.fetch('/api/uploads', {
    method: 'POST',
    headers: {
      ...TUS_HEADERS,
      'upload-length': String(file.sizeBytes),
      'upload-metadata': `filename ${Buffer.from(file.name).toString('base64')}`,
    },
  })

export const locationOf = (created: Response) => created.headers.get('location')!

export const patchUpload = (person: TestUser, at: string, offset: number, body: Uint8Array) =>
  person.fetch(at, {
    method: 'PATCH',
    headers: {
      ...TUS_HEADERS,
      'upload-offset': String(offset),
      'content-type': 'application/offset+octet-stream',
    },
    body: body as BodyInit,
  })

export const headUpload = (person: TestUser, at: string) =>
  person.fetch(at, { method: 'HEAD', headers: TUS_HEADERS })

export const deleteUpload = (person: TestUser, at: string) =>
  person.fetch(at, { method: 'DELETE', headers: TUS_HEADERS })
