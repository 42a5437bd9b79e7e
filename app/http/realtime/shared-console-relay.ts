import type { Server, Socket } from 'socket.io'
import { z } from 'zod'
import { databaseTimeMs } from '@/lib/cluster/database-clock'
import { db } from '@/lib/database/db'
import { errorCode, notFound } from '@/lib/errors'
import { log } from '@/lib/log'
import { SHARED_CONSOLE_NAMESPACE } from '@/lib/machines/console-protocol'
import { noHostError } from '@/lib/machines/errors'
import { recordAccess } from '@/lib/machines/events'
import { requireCapability } from '@/lib/machines/hosts'
import {
  describeAccess,
  findMachineShareByGrant,
  isMachineShareActive,
  type MachineShare,
} from '@/lib/shares/machine-shares'
import { isCrossOrigin } from '../middleware/same-origin'
import type { ChangeFeed } from './change-feed'
import { relayToHost } from './console-relay'
import { admitSocket } from './limit-sockets'
import { LinkWatch } from './link-watch'

/** Each key press is a message. A viewer who only watches has nothing to send. */
const MESSAGES_PER_WINDOW = { typing: 2_000, watching: 20 }
/** For what the change feed does not report, such as a disabled owner. */
const RECHECK_INTERVAL_MS = 1_000

type ViewerSocket = Socket<object, object, object, { share: MachineShare; consoleUrl: string }>

const authSchema = z.object({ grant: z.string().max(200) })

/**
 * Relays consoles to viewers with a link, who need no account. They receive output. What they type is passed on only if the link
 * allows it, and their window size never. The connection ends with the link.
 */
export function relaySharedConsoles(io: Server, changes: ChangeFeed) {
  const namespace = io.of(SHARED_CONSOLE_NAMESPACE)
  const links = new LinkWatch({
    isActive: (shareId) => isMachineShareActive(db(), shareId),
    intervalMs: RECHECK_INTERVAL_MS,
  })
  changes.on('change', ({ type, id }) => {
    if (type === 'machine') links.checkMachine(id)
  })
  namespace.use((socket, next) => {
    authorizeViewer(socket as ViewerSocket).then(
      () => next(),
      (error: unknown) => {
        log.info({ err: error }, 'shared console refused')
        // Viewers try again only after the latter.
        next(new Error(errorCode(error) === 'share.not_found' ? 'refused' : 'unavailable'))
      },
    )
  })
  namespace.on('connection', (socket: ViewerSocket) => {
    const { share, consoleUrl } = socket.data
    disconnectWithLink(socket, links)
    const target = { machineId: share.machine.id, consoleUrl, shareId: share.id }
    const { page, worker } = relayToHost(socket, target)
    if (share.isTypingAllowed) page.on('input', (bytes) => worker.emit('input', bytes))
  })
}

async function authorizeViewer(socket: ViewerSocket) {
  const { handshake } = socket
  const auth = authSchema.safeParse(handshake.auth)
  if (!auth.success || isCrossOrigin(handshake.headers)) throw notFound('share')
  const share = await findMachineShareByGrant(db(), auth.data.grant)
  if (!share) throw notFound('share')
  const { host, id: machineId } = share.machine
  admitSocket(socket, `share/${share.id}`, MESSAGES_PER_WINDOW[share.isTypingAllowed ? 'typing' : 'watching'])
  if (!host) throw noHostError()
  requireCapability(host, 'console')
  await recordAccess(db(), {
    machineId,
    actorId: null,
    action: 'shared console opened',
    detail: describeAccess(share),
  })
  socket.data = { share, consoleUrl: host.consoleUrl }
}

/** Disconnects a viewer when the link expires, and soon after it has ended otherwise. */
function disconnectWithLink(socket: ViewerSocket, links: LinkWatch) {
  const { share } = socket.data
  const close = () => void socket.disconnect(true)
  const leave = links.add({ shareId: share.id, machineId: share.machine.id, close })
  const expiry = setTimeout(close, share.expiresAt.getTime() - databaseTimeMs())
  socket.once('disconnect', () => {
    leave()
    clearTimeout(expiry)
  })
}
