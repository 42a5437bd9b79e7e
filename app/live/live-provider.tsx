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
import { LIVE_COLLECTIONS, type LiveType, SOCKET_PATH } from '@/lib/realtime/collections'
import type { ClientEvents, LiveRows, ServerEvents, VisitDto } from '@/lib/realtime/schema'
import { reportPresence } from './report-presence'
import { reportSeen } from './report-seen'
import { createRowBatcher } from './row-batcher'
import { createLiveStore, type LiveStore, mergeInitial } from './store'

/** Recovers changes whose events were lost. */
const SYNC_INTERVAL_MS = 25_000

interface LiveContextValue {
  store: LiveStore
  /** Merges the rows that the server rendered the page with. */
  hydrate(seed: Partial<LiveRows>): void
  isConnected: boolean
  /** When the last sync with the server completed, in epoch milliseconds. */
  lastSyncAt: number | null
  /** The visit as of the last report of presence; null before the first. */
  visit: VisitDto | null
}

const LiveContext = createContext<LiveContextValue | null>(null)

/** Opens one socket per page and applies its events to the store. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const [store] = useState(createLiveStore)
  const [isConnected, setConnected] = useState(true)
  const [lastSyncAt, setLastSyncAt] = useState<number | null>(null)
  const [visit, setVisit] = useState<VisitDto | null>(null)
  const syncRef = useRef<() => void>(undefined)
  const hydrate = useCallback(
    (seed: Partial<LiveRows>) => {
      store.upsert(seed)
      // The socket may connect before the page hydrates, so its first sync lacks the seed's versions.
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
      for (const known of store.knownVersions())
        socket.timeout(10_000).emit('sync', known, (error, snapshot) => {
          if (error) return
          store.applySnapshot(snapshot)
          setLastSyncAt(Date.now())
        })
    }
    syncRef.current = sync
    const seen = reportSeen(store, {
      isConnected: () => socket.connected,
      publishSeen: (ids) => socket.emit('seen', ids),
    })
    const publishPresence = () => {
      if (socket.connected) socket.emit('present', setVisit)
    }
    const stopPresence = reportPresence(publishPresence)
    socket.on('connect', () => {
      setConnected(true)
      sync()
      if (document.visibilityState === 'visible') publishPresence()
      seen.schedule()
    })
    socket.on('disconnect', () => setConnected(false))
    socket.on('connect_error', () => setConnected(false))
    socket.on('resync', sync)
    for (const type of Object.keys(LIVE_COLLECTIONS) as LiveType[])
      socket.on(type, (row: { id: string }) => {
        store.reportChange(type, row.id, row)
        changes.add(LIVE_COLLECTIONS[type], row)
      })
    socket.on('gone', ({ type, id }) => {
      store.reportChange(type, id)
      store.remove([id])
    })
    socket.on('positions', store.setQueuePositions)
    socket.on('estimates', store.setEstimates)
    const timer = setInterval(sync, SYNC_INTERVAL_MS)
    return () => {
      clearInterval(timer)
      changes.stop()
      seen.stop()
      stopPresence()
      socket.disconnect()
    }
  }, [store])
  const live = useMemo(
    () => ({ store, hydrate, isConnected, lastSyncAt, visit }),
    [store, hydrate, isConnected, lastSyncAt, visit],
  )
  return <LiveContext value={live}>{children}</LiveContext>
}

/** Returns the store for writing, without re-rendering the caller when it changes. */
export function useLiveStore() {
  const live = useContext(LiveContext)
  if (!live) throw new Error('useLiveStore needs a LiveProvider above it')
  return live.store
}

/**
 * Returns the user's tasks, videos, machines, captions, notifications and playlists, newest first, and re-renders when they change; those of a video
 * in the trash are left out. `seed` holds the rows that the server rendered the page with; newer versions replace them.
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
    const isTrashed = (id: string) => Boolean(merged.videos.get(id)?.deletedAt)
    const isVisible = (id: string | null) => id === null || !(rows.hidden.has(id) || isTrashed(id))
    const videos = newestFirst(merged.videos)
    return {
      tasks: newestFirst(merged.tasks).filter((task) => isVisible(task.videoId)),
      videos: videos.filter((video) => isVisible(video.id)),
      /** What is in the trash. */
      trashedVideos: videos.filter(({ id }) => isTrashed(id) && !rows.hidden.has(id)),
      machines: newestFirst(merged.machines),
      captions: newestFirst(merged.captions).filter(
        (track) => isVisible(track.id) && isVisible(track.videoId),
      ),
      notifications: newestFirst(merged.notifications),
      playlists: newestFirst(merged.playlists),
      ...live,
    }
  }, [rows, seed, live])
}

const newestFirst = <T extends { createdAt: string }>(map: Map<string, T>) =>
  [...map.values()].sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0))
