import type { Server, Socket } from 'socket.io'
import type { Locale } from '@/lib/i18n/locale'
import type { ClientEvents, ServerEvents } from '@/lib/realtime/schema'

interface SocketData {
  ownerId: string
  /** Of the page. */
  locale: Locale
}

export type LiveServer = Server<ClientEvents, ServerEvents, object, SocketData>
export type LiveSocket = Socket<ClientEvents, ServerEvents, object, SocketData>

/** The room of the pages of a user in one language. All pages of the user are in the room that is named by the id. */
export const localeRoom = ({ ownerId, locale }: SocketData) => `${ownerId} ${locale}`
