import type { ComponentType } from 'react'
import { nextTask } from '@/app/ui/next-task'
import type { PlayerProps } from './player'

/** Loads the player, one library per task. */
export async function loadPlayer(): Promise<ComponentType<PlayerProps>> {
  await import('hls-video-element')
  await nextTask()
  await import('./media-elements')
  await nextTask()
  return (await import('./player')).Player
}
