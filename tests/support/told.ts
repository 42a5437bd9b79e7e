/** What a task of the told worker does, by the id of its video. */
export const TOLD = {
  kill: '00000000-0000-4000-8000-00000000dead',
  takeTime: '00000000-0000-4000-8000-00000000beef',
  writeOn: '00000000-0000-4000-8000-00000000cafe',
} as const
