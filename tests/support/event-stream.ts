import type { TaskDto } from '@/lib/tasks/schema'

interface ServerSentEvent {
  name: string
  id: string
  data: TaskDto
}

/** A reader of server-sent events that keeps what it is told, and can be cut off. */
export async function openEventStream(at: string, headers: Record<string, string>) {
  const ending = new AbortController()
  const answer = await fetch(at, { headers, signal: ending.signal })
  const stream = { status: answer.status, events: [] as ServerSentEvent[], lastId: '', isEnded: false }
  const read = async () => {
    let rest = ''
    for await (const text of answer.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + text).split('\n\n')
      rest = blocks.pop()!
      for (const block of blocks) take(block)
    }
  }
  const take = (block: string) => {
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
    /** As a network that breaks. */
    async disconnect() {
      ending.abort()
      await ended
    },
    /** The newest that was told of one task. */
    findLatest: (id: string) => stream.events.findLast(({ data }) => data.id === id)?.data,
  })
}
