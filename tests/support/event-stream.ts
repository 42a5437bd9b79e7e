import type { TaskDto } from '@/lib/tasks/schema'

interface ServerSentEvent {
  name: string
  id: string
  data: TaskDto
}

/** A client of server-sent events that records them and can disconnect. */
export async function openEventStream(at: string, headers: Record<string, string>) {
  const abort = new AbortController()
  const response = await fetch(at, { headers, signal: abort.signal })
  const stream = { status: response.status, events: [] as ServerSentEvent[], lastId: '', isEnded: false }
  const read = async () => {
    let buffered = ''
    for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (buffered + text).split('\n\n')
      buffered = blocks.pop()!
      for (const block of blocks) record(block)
    }
  }
  const record = (block: string) => {
    const field = (name: string) =>
      block
        .split('\n')
        .find((line) => line.startsWith(`${name}: `))
        ?.slice(name.length + 2)
    stream.lastId = field('id') ?? stream.lastId
    const data = field('data')
    if (data)
      stream.events.push({
        name: field('event')!,
        id: stream.lastId,
        data: JSON.parse(data) as TaskDto,
      })
  }
  const ended = read()
    .catch(() => undefined)
    .then(() => void (stream.isEnded = true))
  return Object.assign(stream, {
    /** Aborts the connection, like a broken network. */
    async disconnect() {
      abort.abort()
      await ended
    },
    /** The latest state received for a task. */
    findLatest: (id: string) => stream.events.findLast(({ data }) => data.id === id)?.data,
  })
}
