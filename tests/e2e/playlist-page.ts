import type { Page } from '@playwright/test'
import { generateMedia } from '@/tests/support/generate-media'
import { chooseFiles, expect, type TestUser, videoLink } from './fixtures'

const TITLES = ['silent', 'portrait'] as const

export const entries = (page: Page) =>
  page.getByRole('region', { name: 'Videos of the playlist' }).getByRole('listitem')

export const nowPlaying = (page: Page) =>
  page.getByRole('region', { name: 'Now playing' }).getByRole('heading', { level: 2 })

/** Uploads the videos "silent" and "portrait" on the home page. */
export async function uploadTwoVideos(home: Page) {
  await chooseFiles(home, await Promise.all(TITLES.map((title) => generateMedia(`${title}.mp4`))))
  for (const title of TITLES) await expect(videoLink(home, title)).toBeVisible()
}

export async function awaitTwoVideos(home: Page) {
  for (const title of TITLES)
    await expect(home.getByRole('listitem').filter({ has: videoLink(home, title) })).toContainText('Done', {
      timeout: 90_000,
    })
}

/** The ids of "silent" and "portrait". */
export async function findTwoVideos(user: TestUser) {
  const { videos } = await user.fetchJson<{ videos: { id: string; title: string }[] }>('/api/v1/videos')
  return TITLES.map((title) => videos.find((video) => video.title === title)!.id)
}
