import { log } from '@/lib/log'
import { watchRevocation } from '../middleware/watch-revocation'

interface Options {
  /** Whether a link still works. */
  isActive(shareId: string): Promise<boolean>
  intervalMs: number
}

interface Viewer {
  shareId: string
  machineId: string
  /** Called when the link does not work any more. */
  close(): void
}

interface Link {
  machineId: string
  viewers: Set<Viewer>
  stop(): Promise<void>
}

/** Checks the links of open consoles, at intervals and on request, once for all viewers of a link. */
export class LinkWatch {
  private readonly links = new Map<string, Link>()

  constructor(private readonly options: Options) {}

  /** @returns a function to call when the viewer has left */
  add(viewer: Viewer) {
    const { shareId, machineId } = viewer
    const link = this.links.get(shareId) ?? this.watch(shareId, machineId)
    link.viewers.add(viewer)
    return () => {
      if (!link.viewers.delete(viewer) || link.viewers.size > 0) return
      this.links.delete(shareId)
      void link.stop()
    }
  }

  /** Checks the links to a machine at once. */
  checkMachine(machineId: string) {
    for (const [shareId, link] of this.links)
      if (link.machineId === machineId)
        this.options.isActive(shareId).then(
          (isActive) => isActive || closeAll(link),
          (error: unknown) => log.warn({ err: error }, 'could not check a link'),
        )
  }

  private watch(shareId: string, machineId: string) {
    const { isActive, intervalMs } = this.options
    const viewers = new Set<Viewer>()
    const stop = watchRevocation({
      isStillAllowed: () => isActive(shareId),
      intervalMs,
      close: () => closeAll({ viewers }),
    })
    const link = { machineId, viewers, stop }
    this.links.set(shareId, link)
    return link
  }
}

/** Viewers leave while they are closed. */
function closeAll({ viewers }: Pick<Link, 'viewers'>) {
  for (const { close } of viewers) close()
}
