import { nextTask } from '@/app/ui/next-task'

/** Loads the player, one library per task. */
export async function loadPlayer() {
  await import('hls-video-element')
  await nextTask()
  await import('./media-elements')
  await nextTask()
  return (await import('./player')).Player
}
