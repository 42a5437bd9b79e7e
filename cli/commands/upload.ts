import { stat } from 'node:fs/promises'
import path from 'node:path'
import { formatBytes } from '../../lib/text/format-bytes'
import type { MeanwhileClient } from '../../client/client'
import { type CliContext, type Command, type CommandInput, textFlag } from '../command'
import { EXIT, usageError } from '../exit-codes'
import { followTask } from '../follow-task'
import { ProgressBoard } from '../progress-board'
import { describeFailure, printTaskEvent, showTask } from '../task-progress'
import { uploadFile } from '../upload-file'

/** Videos that are followed at once. A user may have 20 event streams. */
const MAX_FOLLOWED = 10

export const uploadCommand: Command = {
  usage: 'FILE… [--language CODE] [--no-wait]',
  summary: 'Upload files, resume those that were interrupted, and follow their processing',
  options: { language: { type: 'string' }, 'no-wait': { type: 'boolean' } },
  minArguments: 1,
  maxArguments: Infinity,
  async run(context, input) {
    const files = await Promise.all(input.args.map(readFileSize))
    const upload = new UploadRun(context, await context.connect(), input)
    return upload.run(files)
  },
}

interface LocalFile {
  file: string
  sizeBytes: number
}

async function readFileSize(file: string): Promise<LocalFile> {
  const info = await stat(file).catch(() => null)
  if (!info?.isFile()) throw usageError(`${file} is not a file.`)
  return { file, sizeBytes: info.size }
}

/** Uploads one file after the other, while those before are processed. */
class UploadRun {
  private readonly board: ProgressBoard
  private readonly followed: Promise<boolean>[] = []
  private readonly unfinished = new Set<string>()
  private hasFailed = false

  constructor(
    private readonly context: CliContext,
    private readonly client: MeanwhileClient,
    private readonly input: CommandInput,
  ) {
    this.board = new ProgressBoard(context.output)
  }

  async run(files: LocalFile[]) {
    try {
      for (const file of files) {
        this.context.onInterrupt('The upload is paused. Run the same command again to resume it.')
        const videoId = await this.upload(file)
        if (videoId) this.followed.push(this.follow(videoId, file, this.followed.at(-MAX_FOLLOWED)))
      }
      this.printHint()
      const results = await Promise.all(this.followed)
      return results.every(Boolean) && !this.hasFailed ? EXIT.ok : EXIT.failed
    } finally {
      this.board.close()
    }
  }

  /** Returns the id of the video, or null if the server refuses the file: the others are uploaded all the same. */
  private async upload({ file, sizeBytes }: LocalFile) {
    const { output, signal } = this.context
    const label = path.basename(file)
    let startedAt = Date.now()
    let startBytes = 0
    const onResume = (receivedBytes: number) => {
      startBytes = receivedBytes
      startedAt = Date.now()
      const percent = Math.floor((receivedBytes / sizeBytes) * 100)
      if (output.isJson) output.result({ type: 'resume', file, receivedBytes, sizeBytes })
      else this.board.finish(file, () => output.note(`Resuming ${label} at ${percent} %.`))
    }
    const onProgress = (sentBytes: number) => {
      if (output.isJson) return
      const seconds = Math.max(0.1, (Date.now() - startedAt) / 1_000)
      const text = `${formatBytes((sentBytes - startBytes) / seconds)}/s`
      this.board.update({ id: file, label, phase: 'uploading', progress: sentBytes / sizeBytes, text })
    }
    const language = textFlag(this.input, 'language')
    try {
      const options = { client: this.client, file, sizeBytes, language, signal, onProgress, onResume }
      const videoId = await uploadFile(options)
      if (output.isJson) output.result({ type: 'uploaded', file, videoId })
      else this.board.finish(file, () => output.note(`Uploaded ${label}.`))
      return videoId
    } catch (error) {
      const isRefused = error instanceof Error && error.name === 'ApiError'
      if (!isRefused) throw error
      this.hasFailed = true
      this.board.finish(file, () => output.note(`${label}: ${error.message}`))
      if (output.isJson) output.result({ type: 'refused', file, message: error.message })
      return null
    }
  }

  /** Returns whether the video is ready. */
  private async follow(videoId: string, { file }: LocalFile, previous?: Promise<boolean>) {
    await previous
    const { output, signal } = this.context
    const params = { id: videoId }
    const label = path.basename(file)
    const page = new URL(`/videos/${videoId}`, this.client.url).href
    const { taskId, duplicateOfId } = await this.client.request('GET /api/v1/videos/{id}', { params, signal })
    if (duplicateOfId)
      output.note(`You already have ${label}: ${new URL(`/videos/${duplicateOfId}`, page).href}`)
    if (this.input.flags['no-wait'] || !taskId) {
      output.result({ type: 'result', file, videoId, taskId }, page)
      return true
    }
    this.unfinished.add(videoId)
    this.printHint()
    const onChange = (task: Parameters<typeof showTask>[2]) => {
      printTaskEvent(output, task)
      showTask(this.board, label, task)
    }
    const task = await followTask({ client: this.client, taskId, signal, onChange })
    this.unfinished.delete(videoId)
    const video = await this.client.request('GET /api/v1/videos/{id}', { params, signal })
    const isDone = task.state === 'done'
    this.board.finish(task.id, () => {
      if (!isDone) output.note(`${label}: ${describeFailure(task)}`)
      output.result({ type: 'result', file, videoId, task, video }, ...(isDone ? [page] : []))
    })
    return isDone
  }

  /** What Ctrl-C prints once everything is uploaded. */
  private printHint() {
    if (this.unfinished.size === 0) return
    const commands = [...this.unfinished].map((id) => `  meanwhile wait ${id}`)
    this.context.onInterrupt(['The server continues. Return to it with:', ...commands].join('\n'))
  }
}
