import type { Server, Socket } from 'socket.io'
import type { ClientEvents, ServerEvents } from '@/lib/realtime/schema'

interface SocketData {
  ownerId: string
}

export type LiveServer = Server<ClientEvents, ServerEvents, object, SocketData>
export type LiveSocket = Socket<ClientEvents, ServerEvents, object, SocketData>
