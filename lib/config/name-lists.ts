/** Parses `NAME=VALUE,NAME=VALUE`; the value is empty where there is none. */
export const parsePairs = (list: string) =>
  new Map(
    list.split(',').map((pair) => {
      const [name = '', value = ''] = pair.split('=')
      return [name, value] as const
    }),
  )
