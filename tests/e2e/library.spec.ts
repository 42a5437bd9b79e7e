import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import type { VideoDto } from '@/lib/videos/schema'
import { generateMedia } from '@/tests/support/generate-media'
import { readZip } from '@/tests/support/read-zip'
import { chooseFiles, expect, expectAccessible, openPage, test, type TestUser, videoLink } from './fixtures'

test.use({ env: { MACHINES: 'off', CAPTIONS: 'none' } })

test('selects by mouse and keyboard, deletes with undo, and restores a day later @full', async ({
  home,
  user,
}) => {
  await uploadVideos(user, ['one', 'two', 'three', 'four'])
  await openPage(home, '/videos?sort=title')
  const rows = home.getByRole('list', { name: 'Videos' }).getByRole('listitem')
  await expect(rows).toHaveCount(4)
  const toolbar = home.getByRole('toolbar', { name: 'Selected videos' })

  // Shift selects the range: four, one, three.
  await checkbox(home, 'four').click()
  await checkbox(home, 'three').click({ modifiers: ['Shift'] })
  await expect(toolbar).toContainText('3 selected')
  await expect(checkbox(home, 'one')).toBeChecked()
  await expectAccessible(home)
  // The keyboard works from the checkbox on: j moves, x toggles.
  await home.keyboard.press('j')
  await expect(videoLink(home, 'two')).toBeFocused()
  await home.keyboard.press('x')
  await expect(toolbar).toContainText('4 selected')
  await home.keyboard.press('k')
  await home.keyboard.press('x')
  await expect(toolbar).toContainText('3 selected')
  await home.keyboard.press('Escape')
  await expect(toolbar).toBeHidden()
  await videoLink(home, 'one').focus()
  await home.keyboard.press('Enter')
  await expect(home).toHaveTitle('one · Meanwhile')
  await home.goBack()

  const remove = async () => {
    await checkbox(home, 'one').click()
    await checkbox(home, 'two').click()
    await toolbar.getByRole('button', { name: 'Delete' }).click()
    await expect(home.getByText('Deleted 2 videos')).toBeVisible()
    await expect(rows).toHaveCount(2)
  }
  await remove()
  await expect(home.getByRole('list', { name: 'Videos' })).toBeFocused()
  await home.getByRole('button', { name: 'Undo' }).click()
  await expect(rows).toHaveCount(4)

  // The deletion outlives the tab, and so does its undo.
  await remove()
  const [sameUser] = [await home.context().newPage()]
  await home.close()
  await openPage(sameUser, '/videos')
  await sameUser.getByRole('link', { name: 'Recently deleted' }).click()
  const trash = sameUser.getByRole('list', { name: 'Recently deleted' })
  await expect(trash.getByRole('listitem')).toHaveCount(2)
  await expect(trash).toContainText('can be restored until')
  await expectAccessible(sameUser)
  await checkbox(sameUser, 'one').click()
  await sameUser.getByRole('button', { name: 'Restore' }).click()
  await expect(trash.getByRole('listitem')).toHaveCount(1)
  await checkbox(sameUser, 'two').click()
  await sameUser.getByRole('button', { name: 'Delete now' }).click()
  await sameUser.getByRole('dialog').getByRole('button', { name: 'Delete now' }).click()
  await expect(sameUser.getByText('Nothing was deleted recently.')).toBeVisible()
  await expect
    .poll(async () => (await user.fetchJson<VideoList>('/api/v1/videos?deleted=true')).videos.length)
    .toBe(0)
  await sameUser.getByRole('link', { name: 'All', exact: true }).click()
  await expect(videoLink(sameUser, 'one')).toBeVisible()
})

test('retries, downloads and shares many videos at once @full', async ({ home, user }) => {
  const [first] = await uploadVideos(user, ['one', 'two'])
  await user.fetch(`/api/v1/tasks/${first!.taskId}/cancel`, { method: 'POST' })
  await openPage(home, '/videos')
  const toolbar = home.getByRole('toolbar', { name: 'Selected videos' })
  await checkbox(home, 'one').click()
  await toolbar.getByRole('button', { name: 'Retry' }).click()
  await expect(home.getByText('Retrying 1 video')).toBeVisible()

  await checkbox(home, 'one').click()
  await toolbar.getByRole('button', { name: 'Select all' }).click()
  const download = home.waitForEvent('download')
  await toolbar.getByRole('button', { name: 'Download' }).click()
  const archive = readZip(readFileSync(await (await download).path()))
  expect([...archive.keys()].toSorted()).toEqual(['one.mp4', 'two.mp4'])

  await toolbar.getByRole('button', { name: 'Share' }).click()
  const links = home.getByRole('dialog', { name: 'Shared 2 videos' })
  await expect(links.getByRole('textbox')).toHaveCount(2)
  await expectAccessible(home)
  const link = await links.getByLabel('two').inputValue()
  expect((await fetch(link)).status).toBe(200)
})

test('keeps videos in folders and by tags, and the filter in the URL @full', async ({ home, user }) => {
  await uploadVideos(user, ['one', 'two', 'three'])
  await openPage(home, '/videos?sort=title')
  const list = home.getByRole('list', { name: 'Videos' })
  const rows = list.getByRole('listitem')
  const toolbar = home.getByRole('toolbar', { name: 'Selected videos' })
  await checkbox(home, 'one').click()
  await checkbox(home, 'two').click()
  await toolbar.getByRole('button', { name: 'Move' }).click()
  await home.getByRole('textbox', { name: 'New folder' }).fill('Harbour')
  await expectAccessible(home)
  await home.getByRole('button', { name: 'Create and move' }).click()
  await expect(home.getByText('Moved 2 videos to “Harbour”')).toBeVisible()
  await checkbox(home, 'two').click()
  await checkbox(home, 'three').click()
  await toolbar.getByRole('button', { name: 'Tag' }).click()
  await home
    .getByRole('textbox', { name: 'Add tags' })
    .or(home.getByRole('combobox', { name: 'Add tags' }))
    .fill('Sea, night')
  await expectAccessible(home)
  await home.getByRole('button', { name: 'Save' }).click()
  await expect(rows.filter({ hasText: '#sea · #night' })).toHaveCount(2)

  // Each filter is a page of its own, to go back to and to send to another tab.
  await home.getByRole('link', { name: 'Harbour 2' }).click()
  await expect(rows).toHaveCount(2)
  await home.getByRole('link', { name: '#sea' }).click()
  await expect(rows).toHaveCount(1)
  await expect(videoLink(home, 'two')).toBeVisible()
  await expectAccessible(home)
  const url = home.url()
  await home.goBack()
  await expect(rows).toHaveCount(2)
  await home.goForward()
  await expect(rows).toHaveCount(1)
  const copy = await home.context().newPage()
  await openPage(copy, url)
  await expect(copy.getByRole('list', { name: 'Videos' }).getByRole('listitem')).toHaveCount(1)
  await copy.close()
  await home.getByRole('link', { name: 'No folder' }).click()
  await expect(videoLink(home, 'three')).toBeVisible()

  // Another tab moves it in: it leaves this list, which shows videos in no folder.
  const { folders } = await user.fetchJson<{ folders: { id: string }[] }>('/api/v1/folders')
  const { videos } = await user.fetchJson<VideoList>('/api/v1/videos?search=three')
  const body = JSON.stringify({ folderId: folders[0]!.id })
  await user.fetchJson(`/api/v1/videos/${videos[0]!.id}`, { method: 'PATCH', body })
  await expect(home.getByText('No videos match.')).toBeVisible()

  await home.getByRole('link', { name: /^Harbour/ }).click()
  await home.getByRole('button', { name: 'Rename folder' }).click()
  await home.getByLabel('Name', { exact: true }).fill('Port')
  await home.getByRole('button', { name: 'Rename', exact: true }).click()
  await expect(home.getByRole('link', { name: /^Port/ })).toBeVisible()
  await home.getByRole('button', { name: 'Delete folder' }).click()
  await home.getByRole('dialog').getByRole('button', { name: 'Delete folder' }).click()
  await expect(home).toHaveURL('/videos')
  await expect(rows).toHaveCount(3)
})

test('describes a video @full', async ({ home, user }) => {
  const [video] = await uploadVideos(user, ['one'])
  await openPage(home, `/videos/${video!.id}`)
  await home.getByRole('button', { name: 'Add description' }).click()
  await home.getByLabel('Description').fill('First line\n<b>Second</b> line')
  await home.getByLabel('Tags').fill('Sea')
  await expectAccessible(home)
  await home.getByRole('button', { name: 'Save' }).click()
  const about = home.getByRole('region', { name: 'About' })
  await expect(about).toContainText('<b>Second</b> line')
  await expectAccessible(home)
  await about.getByRole('link', { name: '#sea' }).click()
  await expect(videoLink(home, 'one')).toBeVisible()
})

test('says that a file was uploaded before, and lets both be kept or one be deleted @full', async ({
  home,
  user,
}) => {
  const [original] = await uploadVideos(user, ['one'])
  const notice = home
    .getByRole('region', { name: 'Uploads' })
    .getByRole('group', { name: 'Duplicate: silent' })
  await chooseFiles(home, [await generateMedia('silent.mp4')])
  await expect(notice).toContainText('You already have this video.')
  await expectAccessible(home)
  await notice.getByRole('link', { name: 'Open it' }).click()
  await expect(home).toHaveURL(`/videos/${original!.id}`)
  await notice.getByRole('button', { name: 'Keep both' }).click()
  await expect(notice).toBeHidden()
  await openPage(home, '/videos')
  await expect(videoLink(home, 'silent')).toBeVisible()

  await chooseFiles(home, [await generateMedia('silent.mp4')])
  const rows = home.getByRole('list', { name: 'Videos' }).getByRole('listitem')
  await expect(rows).toHaveCount(3)
  await rows.first().getByRole('button', { name: 'Delete this copy' }).click()
  await expect(rows).toHaveCount(2)
  await expect(home.getByText('Deleted “silent”')).toBeVisible()
})

interface VideoList {
  videos: VideoDto[]
}

const checkbox = (page: Page, title: string) =>
  page.getByRole('checkbox', { name: `Select ${title}`, exact: true })

/** Uploads videos through the API, in the order of `titles`. */
async function uploadVideos(user: TestUser, titles: string[]) {
  const body = new Uint8Array(readFileSync(await generateMedia('silent.mp4')))
  const videos: VideoDto[] = []
  for (const title of titles) {
    const upload = { method: 'POST', body }
    const at = `/api/v1/videos?filename=${title}.mp4`
    videos.push((await user.fetchJson<{ video: VideoDto }>(at, upload)).video)
  }
  return videos
}
