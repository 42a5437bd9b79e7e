/** Resolves with the error of `work`, or with a text that matches no error if it succeeds. */
export const rejectionOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no failure',
    (error: unknown) => error,
  )
