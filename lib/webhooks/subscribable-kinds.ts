import { kinds } from '../kinds'

/** Name and label of the task kinds that a webhook can subscribe to. */
export const listSubscribableKinds = () =>
  kinds.filter((kind) => !kind.isInternal).map(({ name, label }) => [name, label()] as const)
