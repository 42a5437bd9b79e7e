/** Defines a state machine by its allowed transitions; all others are illegal. */
export function defineTransitions<State extends string>(transitions: Record<State, readonly State[]>) {
  const canTransition = (from: State, to: State) => transitions[from].includes(to)
  return {
    transitions,
    canTransition,
    /** The states from which `to` may be reached: the condition of an update to `to`. */
    statesBefore: (to: State) =>
      (Object.keys(transitions) as State[]).filter((from) => canTransition(from, to)),
  }
}
