import type { MachineConsole } from '../hypervisor'

interface Input extends Pick<MachineConsole, 'write' | 'resize'> {
  /** Called when the last viewer has left. */
  onEmpty?(): void
}

/** The viewers that share one console. */
export class ConsoleViewers {
  private readonly open = new Set<MachineConsole>()
  private readonly dataListeners = new Set<(bytes: Buffer) => void>()
  private readonly endListeners = new Set<() => void>()
  private isEnded = false

  attach({ write, resize, onEmpty }: Input): MachineConsole {
    let onData: ((bytes: Buffer) => void) | undefined
    const onEnds = new Set<() => void>()
    const viewer: MachineConsole = {
      onData: (listener) => {
        if (onData) this.dataListeners.delete(onData)
        this.dataListeners.add((onData = listener))
      },
      onEnd: (listener) => {
        if (this.isEnded) return listener()
        onEnds.add(listener)
        this.endListeners.add(listener)
      },
      write,
      resize,
      close: () => {
        if (!this.open.delete(viewer)) return
        if (onData) this.dataListeners.delete(onData)
        for (const listener of onEnds) this.endListeners.delete(listener)
        if (this.open.size === 0) onEmpty?.()
      },
    }
    this.open.add(viewer)
    return viewer
  }

  publish(bytes: Buffer) {
    for (const onData of this.dataListeners) onData(bytes)
  }

  /** Notifies the viewers that the machine has stopped. */
  end() {
    this.isEnded = true
    for (const onEnd of this.endListeners) onEnd()
  }
}
