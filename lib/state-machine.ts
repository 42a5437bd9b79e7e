/** Defines the allowed transitions of a state machine; every other one is illegal. */
export function defineTransitions<State extends string>(transitions: Record<State, readonly State[]>) {
  const canTransition = (from: State, to: State) => transitions[from].includes(to)
  return {
    transitions,
    canTransition,
    /** The states that may precede `to`: the guard of every conditional update. */
    statesBefore: (to: State) =>
      (Object.keys(transitions) as State[]).filter((from) => canTransition(from, to)),
  }
}
