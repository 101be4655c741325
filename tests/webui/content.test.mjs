// The page of one content. In a real Chromium
// over the mock of the API.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as scenes from './scenes.mjs'
import { goTo, onStage, page, show, until } from './stage.mjs'

const MiB = 2 ** 20
onStage()

test('a content’s life is seen as it happens, without a reload and without polling', async () => {
  const world = await show(scenes.empty(), '/files')
  await page.evaluate(() => (window.sameDocument = true))
  const id = world.addContent('letters.tar', 90 * MiB)
  await until(() => document.querySelector('.grid .body')?.textContent.includes('letters.tar'))
  await page.mouse.move(5, 5)
  const six = () => page.locator('.grid .body .six').first().getAttribute('aria-label')
  assert.equal(await six(), '0 of 6 copies active, 6 wanted')
  world.advance(2)
  world.advance(1)
  await until(() => document.querySelector('.grid .body .six').getAttribute('aria-label').includes('6 proposed'))
  world.advance(5)
  await until(() => document.querySelector('.grid .body .six').getAttribute('aria-label') === '6 of 6 copies active')
  await goTo(`/contents/${id}`)
  assert.ok(await page.evaluate(() => window.sameDocument), 'the page was not loaded again')
  await page.waitForSelector('.life.active')
  assert.equal(await page.locator('.life li time').count(), 6)
  await until(() => document.querySelector('section[aria-label=Explained]').textContent.includes('Nothing is waited for'))
})

test('more copies can be promised, and the wanted ones show at once', async () => {
  const world = await show(scenes.done(), '/')
  await goTo(`/contents/${scenes.idOf(world, 'photographs')}`)
  await page.locator('.answer .opener').click()
  await page.getByRole('menuitem', { name: 'Rename, or change its promise…' }).click()
  await page.locator('dialog input[type=number]').fill('8')
  await page.getByRole('button', { name: 'Change', exact: true }).click()
  await page.waitForSelector('.copies .six[aria-label="6 of 8 copies active, 2 wanted"]')
})
