/** The words of a cue, of a second each. */
export const wordsBySecond = (text: string, startSeconds: number) =>
  text.split(' ').map((word, n) => ({
    text: word,
    startSeconds: startSeconds + n,
    endSeconds: startSeconds + n + 1,
    confidence: null,
  }))
