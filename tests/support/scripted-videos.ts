/** Ids of videos that make the scripted worker misbehave. */
export const SCRIPTED_VIDEOS = {
  killsWorker: '00000000-0000-4000-8000-00000000dead',
  takesSeconds: '00000000-0000-4000-8000-00000000beef',
  writesRepeatedly: '00000000-0000-4000-8000-00000000cafe',
} as const
