import { expect, it } from 'vitest'
import { listUsers } from '@/lib/users/queries'
import { useDatabase } from '@/tests/support/database'

const database = useDatabase()

it('finds users whose address contains the characters of a pattern, not those it would match', async () => {
  const create = (id: string) =>
    database.db.user.create({ data: { id, name: id, email: `${id}@example.com` } })
  await create('ada_l')
  await create('adaxl')
  const find = async (search: string) =>
    (await listUsers(database.db, { search, limit: 10 })).users.map(({ id }) => id)
  expect(await find('a_l')).toEqual(['ada_l'])
  expect(await find('ADA')).toHaveLength(2)
  expect(await find('%')).toEqual([])
})
