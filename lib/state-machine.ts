/** One table of the moves that are allowed; whatever it does not name is illegal. */
export function defineTransitions<State extends string>(moves: Record<State, readonly State[]>) {
  const canMove = (from: State, to: State) => moves[from].includes(to)
  return {
    canMove,
    /** The states from which `to` may be reached: the guard of every conditional update. */
    statesBefore: (to: State) => (Object.keys(moves) as State[]).filter((from) => canMove(from, to)),
  }
}
