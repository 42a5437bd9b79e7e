'use client'

import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react'
import { io, type Socket } from 'socket.io-client'
import { type ClientEvents, type ServerEvents, SOCKET_PATH } from '@/lib/realtime/contract'
import type { TaskDto } from '@/lib/tasks/contract'
import type { VideoDto } from '@/lib/videos/contract'
import { createLiveStore, type LiveStore } from './store'

/** Heals whatever an event missed. */
const SYNC_INTERVAL_MS = 25_000
const FRAME_MS = 16

interface Live {
  store: LiveStore
  isConnected: boolean
  /** When this page last heard from the server, in epoch milliseconds. */
  heardAt: number | null
}

const LiveContext = createContext<Live | null>(null)

/** Keeps one socket for the page and feeds the store from it. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const [store] = useState(createLiveStore)
  const [isConnected, setConnected] = useState(true)
  const [heardAt, setHeardAt] = useState<number | null>(null)
  useEffect(() => {
    const socket: Socket<ServerEvents, ClientEvents> = io({
      path: SOCKET_PATH,
      transports: ['websocket', 'polling'],
    })
    const changes = batched(store)
    const sync = () => {
      if (!socket.connected) return
      socket.timeout(10_000).emit('sync', store.known(), (error, snapshot) => {
        if (error) return
        store.apply(snapshot)
        setHeardAt(Date.now())
      })
    }
    socket.on('connect', () => (setConnected(true), sync()))
    socket.on('disconnect', () => setConnected(false))
    socket.on('connect_error', () => setConnected(false))
    socket.on('resync', sync)
    socket.on('task', changes.task)
    socket.on('video', changes.video)
    socket.on('gone', ({ id }) => store.remove([id]))
    socket.on('positions', store.place)
    const timer = setInterval(sync, SYNC_INTERVAL_MS)
    return () => {
      clearInterval(timer)
      changes.stop()
      socket.disconnect()
    }
  }, [store])
  const live = useMemo(() => ({ store, isConnected, heardAt }), [store, isConnected, heardAt])
  return <LiveContext value={live}>{children}</LiveContext>
}

/** Rows that come together are shown together: every showing costs the page some time. */
function batched(store: LiveStore) {
  let tasks: TaskDto[] = []
  let videos: VideoDto[] = []
  let timer: number | undefined
  const flush = () => {
    timer = undefined
    store.add({ tasks, videos })
    tasks = []
    videos = []
  }
  const later = () => (timer ??= window.setTimeout(flush, FRAME_MS))
  return {
    task: (task: TaskDto) => (tasks.push(task), later()),
    video: (video: VideoDto) => (videos.push(video), later()),
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
 * The tasks and videos of this person, live. `seed` is what the server rendered the page with; newer
 * versions replace it as they come.
 */
export function useLive(seed?: { tasks?: TaskDto[]; videos?: VideoDto[] }) {
  const live = useContext(LiveContext)
  if (!live) throw new Error('useLive needs a LiveProvider above it')
  const { store } = live
  const rows = useSyncExternalStore(store.subscribe, store.read, store.read)
  useEffect(() => {
    if (seed) store.add(seed)
  }, [store, seed])
  return useMemo(() => {
    const merged = mergeSeed(rows, seed)
    const isShown = (id: string | null) => id === null || !rows.hidden.has(id)
    const newestFirst = <T extends { createdAt: string }>(map: Map<string, T>) =>
      [...map.values()].sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0))
    return {
      tasks: newestFirst(merged.tasks).filter((task) => isShown(task.videoId)),
      videos: newestFirst(merged.videos).filter((video) => isShown(video.id)),
      ...live,
    }
  }, [rows, seed, live])
}

function mergeSeed(rows: ReturnType<LiveStore['read']>, seed: Parameters<typeof useLive>[0]) {
  const tasks = new Map([...(seed?.tasks ?? []).map((task) => [task.id, task] as const), ...rows.tasks])
  const videos = new Map([...(seed?.videos ?? []).map((video) => [video.id, video] as const), ...rows.videos])
  return { tasks, videos }
}
