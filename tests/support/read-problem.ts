/** Reads a problem+json response. */
export const readProblem = async (response: Response) => ({
  status: response.status,
  ...((await response.json()) as { code: string; title: string }),
})
