import type { ComponentType } from 'react'
import { nextTask } from '@/app/ui/next-task'
import type { PlayerProps } from './player'

/** Loads the player, one library per task. */
export async function loadPlayer(): Promise<ComponentType<PlayerProps>> {
  await import('hls-video-element')
  await nextTask()
  const { loadPlayerOnElements } = await import('./load-player-on-elements')
  await nextTask()
  return loadPlayerOnElements()
}
