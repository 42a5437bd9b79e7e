'use client'

import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { io, type Socket } from 'socket.io-client'
import {
  type ClientEvents,
  LIVE_COLLECTIONS,
  type LiveRows,
  type LiveType,
  type ServerEvents,
  SOCKET_PATH,
} from '@/lib/realtime/schema'
import { reportSeen } from './report-seen'
import { createLiveStore, mapRowTypes, type LiveStore, mergeInitial } from './store'

/** Heals whatever an event missed. */
const SYNC_INTERVAL_MS = 25_000
const FLUSH_DELAY_MS = 16

interface LiveContextValue {
  store: LiveStore
  /** Takes in what the server rendered the page with. */
  hydrate(seed: Partial<LiveRows>): void
  isConnected: boolean
  /** When this page last heard from the server, in epoch milliseconds. */
  lastSyncAt: number | null
}

const LiveContext = createContext<LiveContextValue | null>(null)

/** Keeps one socket for the page and feeds the store from it. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const [store] = useState(createLiveStore)
  const [isConnected, setConnected] = useState(true)
  const [lastSyncAt, setLastSyncAt] = useState<number | null>(null)
  const syncRef = useRef<() => void>(undefined)
  const hydrate = useCallback(
    (seed: Partial<LiveRows>) => {
      store.add(seed)
      // The first page may have been rendered before the socket was there, and come to life after it.
      syncRef.current?.()
      syncRef.current = undefined
    },
    [store],
  )
  useEffect(() => {
    const socket: Socket<ServerEvents, ClientEvents> = io({
      path: SOCKET_PATH,
      transports: ['websocket', 'polling'],
    })
    const changes = createRowBatcher(store)
    const sync = () => {
      if (!socket.connected) return
      for (const known of store.known())
        socket.timeout(10_000).emit('sync', known, (error, snapshot) => {
          if (error) return
          store.apply(snapshot)
          setLastSyncAt(Date.now())
        })
    }
    syncRef.current = sync
    const seen = reportSeen(store, {
      isConnected: () => socket.connected,
      tell: (ids) => socket.emit('seen', ids),
    })
    socket.on('connect', () => (setConnected(true), sync(), seen.ask()))
    socket.on('disconnect', () => setConnected(false))
    socket.on('connect_error', () => setConnected(false))
    socket.on('resync', sync)
    for (const type of Object.keys(LIVE_COLLECTIONS) as LiveType[])
      socket.on(type, (row: object) => changes.add(LIVE_COLLECTIONS[type], row))
    socket.on('gone', ({ id }) => store.remove([id]))
    socket.on('positions', store.place)
    const timer = setInterval(sync, SYNC_INTERVAL_MS)
    return () => {
      clearInterval(timer)
      changes.stop()
      seen.stop()
      socket.disconnect()
    }
  }, [store])
  const live = useMemo(
    () => ({ store, hydrate, isConnected, lastSyncAt }),
    [store, hydrate, isConnected, lastSyncAt],
  )
  return <LiveContext value={live}>{children}</LiveContext>
}

/** Rows that come together are shown together: every showing costs the page some time. */
function createRowBatcher(store: LiveStore) {
  let rows = mapRowTypes<Record<keyof LiveRows, object[]>>(() => [])
  let timer: number | undefined
  const flush = () => {
    timer = undefined
    store.add(rows as LiveRows)
    rows = mapRowTypes(() => [])
  }
  return {
    add(key: keyof LiveRows, row: object) {
      rows[key].push(row)
      timer ??= window.setTimeout(flush, FLUSH_DELAY_MS)
    },
    stop: () => window.clearTimeout(timer),
  }
}

/** What this page knows, to change it without being shown anew when it changes. */
export function useLiveStore() {
  const live = useContext(LiveContext)
  if (!live) throw new Error('useLiveStore needs a LiveProvider above it')
  return live.store
}

/**
 * The tasks, videos and machines of this person, live. `seed` is what the server rendered the page with; newer
 * versions replace it as they come.
 */
export function useLive(seed?: Partial<LiveRows>) {
  const live = useContext(LiveContext)
  if (!live) throw new Error('useLive needs a LiveProvider above it')
  const { store, hydrate } = live
  const rows = useSyncExternalStore(store.subscribe, store.read, store.read)
  useEffect(() => {
    if (seed) hydrate(seed)
  }, [hydrate, seed])
  return useMemo(() => {
    const merged = mergeInitial(rows, seed)
    const isShown = (id: string | null) => id === null || !rows.hidden.has(id)
    const newestFirst = <T extends { createdAt: string }>(map: Map<string, T>) =>
      [...map.values()].sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0))
    return {
      tasks: newestFirst(merged.tasks).filter((task) => isShown(task.videoId)),
      videos: newestFirst(merged.videos).filter((video) => isShown(video.id)),
      machines: newestFirst(merged.machines),
      captions: newestFirst(merged.captions).filter((track) => isShown(track.id) && isShown(track.videoId)),
      ...live,
    }
  }, [rows, seed, live])
}
