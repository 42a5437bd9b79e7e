/** Lets the browser respond to input, which a slow device would otherwise do only after all of a long script. */
export const nextTask = () => new Promise<void>((resolve) => setTimeout(resolve))
