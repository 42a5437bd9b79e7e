import type WebSocket from 'ws'

/** `fraction` is 0–1, or undefined if the cluster reports only a step; `step` is in its words. */
export type OnProgress = (fraction: number | undefined, step: string) => void

interface OperationEvent {
  metadata?: { id: string; metadata?: OperationMetadata | null } | null
}

type OperationMetadata = Record<string, unknown> & { progress?: { percent?: string } }

/** The progress of background operations, from the event stream of the cluster. Only a hint: it may be absent. */
export class OperationEvents {
  private readonly listeners = new Map<string, OnProgress>()
  private stream?: Promise<WebSocket>

  constructor(private readonly open: () => Promise<WebSocket>) {}

  /** Opens the stream, unless it is open. Never throws: the next call repeats a failed attempt. */
  async connect() {
    this.stream ??= this.open().then((socket) => {
      socket.on('message', (bytes: Buffer) => this.receive(bytes))
      socket.on('close', () => (this.stream = undefined))
      socket.resume()
      return socket
    })
    await this.stream.catch(() => (this.stream = undefined))
  }

  /** Reports the progress of an operation until the returned function is called. */
  follow(id: string, onProgress: OnProgress) {
    this.listeners.set(id, onProgress)
    return () => void this.listeners.delete(id)
  }

  private receive(bytes: Buffer) {
    const { metadata: operation } = JSON.parse(bytes.toString()) as OperationEvent
    const onProgress = operation && this.listeners.get(operation.id)
    if (onProgress) report(operation.metadata ?? {}, onProgress)
  }

  close() {
    void this.stream?.then((socket) => socket.terminate()).catch(() => undefined)
  }
}

function report({ progress, ...more }: OperationMetadata, onProgress: OnProgress) {
  const step = Object.entries(more).find(([key]) => key.endsWith('_progress'))?.[1]
  if (typeof step !== 'string') return
  const percent = Number.parseInt(progress?.percent ?? '', 10)
  onProgress(Number.isNaN(percent) ? undefined : Math.min(percent / 100, 1), step)
}
