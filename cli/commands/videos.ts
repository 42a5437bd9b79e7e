import { formatTimestamp } from '../../app/ui/format'
import type { Operations, Video } from '../../client/operations'
import { formatBytes } from '../../lib/text/format-bytes'
import { type Command, textFlag } from '../command'
import { describeFlags } from '../describe-flags'
import { CliError } from '../exit-codes'
import { downloadFile } from '../download-file'

type VideoQuery = NonNullable<Operations['GET /api/v1/videos']['query']>

export const videoCommands: Record<string, Command> = {
  'videos list': {
    ...describeFlags({ search: 'TEXT', state: 'STATE', tag: 'TAG', limit: 'N' }),
    summary: 'List videos, the newest first',
    minArguments: 0,
    maxArguments: 0,
    async run({ output, connect, signal }, input) {
      const client = await connect()
      const limit = textFlag(input, 'limit')
      const query: VideoQuery = {
        search: textFlag(input, 'search'),
        // The server refuses any other.
        state: textFlag(input, 'state') as VideoQuery['state'],
        tags: textFlag(input, 'tag'),
        limit: limit === undefined ? undefined : Number(limit),
      }
      const { videos } = await client.request('GET /api/v1/videos', { query, signal })
      output.table(videos, ['ID', 'STATE', 'LENGTH', 'SIZE', 'TITLE'], videos.map(toRow))
    },
  },
  'videos get': {
    usage: 'ID',
    summary: 'Print a video as JSON',
    minArguments: 1,
    maxArguments: 1,
    async run({ output, connect, signal }, { args: [id] }) {
      const client = await connect()
      const video = await client.request('GET /api/v1/videos/{id}', { params: { id: id! }, signal })
      output.result(video, ...JSON.stringify(video, null, 2).split('\n'))
    },
  },
  'videos delete': {
    usage: 'ID… [--permanently]',
    summary: 'Move videos to the trash, or destroy them',
    options: { permanently: { type: 'boolean' } },
    minArguments: 1,
    maxArguments: 100,
    async run({ output, connect, signal }, { args: ids, flags }) {
      const client = await connect()
      if (flags.permanently)
        for (const id of ids) await client.request('DELETE /api/v1/videos/{id}', { params: { id }, signal })
      else {
        const body = { action: 'delete' as const, ids }
        const { results } = await client.request('POST /api/v1/videos/bulk', { body, signal })
        const failed = results.filter(({ error }) => error)
        if (failed.length > 0)
          throw new CliError(failed.map(({ id, error }) => `${id}: ${error!.message}`).join('\n'))
      }
      const what = flags.permanently ? 'Deleted' : 'Moved to the trash'
      output.result({ deleted: ids }, ...ids.map((id) => `${what}: ${id}`))
    },
  },
  'videos download': {
    usage: 'ID [--rendition NAME] [-o FILE]',
    summary: 'Download the uploaded file or a rendition, and resume an interrupted download',
    options: {
      rendition: { type: 'string' },
      output: { type: 'string', short: 'o' },
      force: { type: 'boolean' },
    },
    minArguments: 1,
    maxArguments: 1,
    async run(context, input) {
      const client = await context.connect()
      const { signal } = context
      const params = { id: input.args[0]! }
      const video = await client.request('GET /api/v1/videos/{id}', { params, signal })
      const rendition = textFlag(input, 'rendition')
      await downloadFile(context, {
        client,
        url: rendition ? findDownload(video, rendition) : video.urls.download,
        name: rendition ? `${stem(video.filename)}-${rendition}.mp4` : video.filename,
        to: textFlag(input, 'output'),
        isReplacing: input.flags.force === true,
      })
    },
  },
}

const toRow = ({ id, state, durationSeconds, sizeBytes, title }: Video) => [
  id,
  state,
  durationSeconds === null ? '' : formatTimestamp(durationSeconds),
  formatBytes(sizeBytes),
  title,
]

const stem = (filename: string) => filename.replace(/\.[^.]*$/, '')

/** @throws {CliError} if there is none yet */
function findDownload({ renditions }: Pick<Video, 'renditions'>, name: string) {
  const available = renditions.filter(({ downloadUrl }) => downloadUrl)
  const found = available.find((rendition) => rendition.name === name)
  if (found?.downloadUrl) return found.downloadUrl
  const names = available.map((rendition) => rendition.name).join(', ')
  throw new CliError(
    `There is no download of ${name}. ${names ? `There is: ${names}.` : 'There is none yet.'}`,
  )
}
