import type { Person } from './web'

const TUS = { 'tus-resumable': '1.0.0' }

/** Announces a file. The answer is tus's own, refusals too. */
export const createUpload = (person: Person, file: { name: string; sizeBytes: number }) =>
  person.ask('/api/uploads', {
    method: 'POST',
    headers: {
      ...TUS,
      'upload-length': String(file.sizeBytes),
      'upload-metadata': `filename ${Buffer.from(file.name).toString('base64')}`,
    },
  })

export const locationOf = (created: Response) => created.headers.get('location')!

export const patchUpload = (person: Person, at: string, offset: number, body: Uint8Array) =>
  person.ask(at, {
    method: 'PATCH',
    headers: { ...TUS, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
    body: body as BodyInit,
  })

export const headUpload = (person: Person, at: string) => person.ask(at, { method: 'HEAD', headers: TUS })

export const removeUpload = (person: Person, at: string) => person.ask(at, { method: 'DELETE', headers: TUS })
