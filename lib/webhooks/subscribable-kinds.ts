import { kinds } from '../kinds'

/** Name and wording of the kinds of work that a webhook can be told of. */
export const listSubscribableKinds = () =>
  kinds.filter((kind) => !kind.isInternal).map(({ name, label }) => [name, label] as const)
