import { attachmentDisposition } from '@/app/http/content-disposition'
import { exportCaption } from '@/lib/captions/export'
import { renderSubtitleFile } from '@/lib/captions/hls-subtitles'
import { importCaptionFile } from '@/lib/captions/import-file'
import { getCaption, getCues } from '@/lib/captions/queries'
import { editCues, renameSpeaker, restoreRevision, revertRevision } from '@/lib/captions/revisions'
import { cueChangeSchema } from '@/lib/captions/schema'
import { db } from '@/lib/database/db'
import { notFound } from '@/lib/errors'
import { getTaskLog } from '@/lib/tasks/queries'
import { renderPlaylist } from '@/lib/videos/render-playlist'

interface Target {
  id: string
  ownerId: string
}

type Input<Work extends (...args: never[]) => unknown> = Parameters<Work>[1]
type RenameInput = Omit<Parameters<typeof renameSpeaker>[0], 'db'>
type RevisionInput = Omit<Parameters<typeof revertRevision>[0], 'db'>

const revised = async (revision: number, target: Target) =>
  Response.json({ revision, caption: await getCaption(db(), target) })

/**
 * The responses whose size a user determines: whole caption tracks, playlists, logs. At their largest, parsing, comparing
 * and serializing them takes seconds. `respondInThread` calls them by name.
 */
export const threadResponses = {
  listCues: async (input: Input<typeof getCues>) => Response.json(await getCues(db(), input)),

  async editCues({ target, body }: { target: Target; body: Uint8Array }) {
    const change = cueChangeSchema.parse(parseJson(body))
    return revised(await editCues({ db: db(), ...target, change }), target)
  },

  renameSpeaker: async (input: RenameInput) =>
    revised(await renameSpeaker({ db: db(), ...input }), { id: input.id, ownerId: input.ownerId }),

  revertRevision: async (input: RevisionInput) =>
    revised(await revertRevision({ db: db(), ...input }), { id: input.id, ownerId: input.ownerId }),

  restoreRevision: async (input: RevisionInput) =>
    revised(await restoreRevision({ db: db(), ...input }), { id: input.id, ownerId: input.ownerId }),

  async importCaptions(input: Input<typeof importCaptionFile>) {
    const { id, ...report } = await importCaptionFile(db(), input)
    const caption = await getCaption(db(), { id, ownerId: input.ownerId })
    return Response.json({ caption, ...report }, { status: 201 })
  },

  async exportCaption(input: Input<typeof exportCaption>) {
    const { filename, type, text } = await exportCaption(db(), input)
    return new Response(text, {
      headers: {
        'content-type': `${type}; charset=utf-8`,
        'content-disposition': attachmentDisposition(filename),
      },
    })
  },

  async renderSubtitleFile(input: Input<typeof renderSubtitleFile>) {
    const file = await renderSubtitleFile(db(), input)
    if (!file) throw notFound('file')
    return new Response(file.content, { headers: { 'content-type': file.type } })
  },

  async renderPlaylist(input: Input<typeof renderPlaylist>) {
    const content = await renderPlaylist(db(), input)
    return new Response(content, { headers: { 'content-type': 'application/vnd.apple.mpegurl' } })
  },

  readTaskLog: async (target: Target) => Response.json({ lines: await getTaskLog(db(), target) }),
}

/** A malformed body counts as `null`, as in `parseBody`. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return null
  }
}
