/** Arguments with which Node runs TypeScript source code. */
export const evalArgs = (code: string) => ['--import', 'tsx', '--input-type=module', '-e', code]
